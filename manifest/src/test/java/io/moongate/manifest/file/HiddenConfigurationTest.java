package io.moongate.manifest.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.manifest.ManifestSource.Snapshot;
import io.moongate.model.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be the configuration and is not taken is told apart from what is none. */
class HiddenConfigurationTest {
    private static final String BEGINNING = "apiVersion: config.moongate.io/v1alpha1\n";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind: MoongateConfig\ngateway: {}\n",
                "kind: MoongateConfiguration\ngateway: [\n",
                "kind: MoongateConfiguration\ngateway: {port: x}\n",
                "kind: Moongate",
                "gateway: {}\n"
            })
    void aTextThatIsBroken(String rest) throws IOException {
        Files.writeString(folder.resolve("a.yaml"), BEGINNING + rest);
        assertThat(read().hiddenConfiguration()).isPresent();
    }

    /** The configuration is one of several objects. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind: List\nitems:\n- apiVersion: config.moongate.io/v1alpha1\n  kind: MoongateConfiguration\n oops: [\n",
                "kind: List\nitems:\n  apiVersion: config.moongate.io/v1alpha1\n  kind: MoongateConfiguration\n",
                "kind: List\nitems: [{kind: List, items: {kind: MoongateConfiguration}}]\n",
                "kind: Shoot\nmetadata: {name: x}\napiVersion: config.moongate.io/v1alpha1\nkind: !x MoongateConfiguration\n",
                "apiVersion: config.moongate.io/v1alpha1\nkind: MoongateConfig\noops: [\n",
                "apiVersion: config.moongate.io\nkind: MoongateConfig\n"
            })
    void aTextWithMore(String text) throws IOException {
        Files.writeString(folder.resolve("a.yaml"), text);
        assertThat(read().hiddenConfiguration()).isPresent();
    }

    @Test
    void aListInAListIsRead() throws IOException {
        Files.writeString(
                folder.resolve("a.yaml"),
                "kind: List\nitems:\n- kind: List\n  items:\n  - apiVersion: config.moongate.io/v1alpha1\n"
                        + "    kind: MoongateConfiguration\n");
        assertThat(read().landscape().configuration()).isPresent();
    }

    @Test
    void aFolderThatIsNotRead() throws IOException {
        Files.createSymbolicLink(folder.resolve("config"), Path.of("/nowhere"));
        assertThat(read().hiddenConfiguration()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE"})
    void aTextInUtf16(String encoding) throws IOException {
        Files.write(folder.resolve("a.yaml"), (BEGINNING + "kind: MoongateConfiguration\n").getBytes(encoding));
        assertThat(read().hiddenConfiguration()).isPresent();
    }

    @Test
    void aTextThatIsNoUtf8() throws IOException {
        String text = BEGINNING + "kind: MoongateConfiguration\n# B\u00fcro\n";
        Files.write(folder.resolve("a.yaml"), text.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(read().hiddenConfiguration().orElseThrow().message()).contains("not UTF-8");
        Files.write(folder.resolve("a.yaml"), "x: B\u00fcro\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(read().hiddenConfiguration()).as("none of ours").isEmpty();
    }

    @Test
    void aFileThatIsTooLarge() throws IOException {
        String comment = "#" + "x".repeat(17_000_000) + "\n";
        Files.writeString(folder.resolve("a.yaml"), BEGINNING + comment);
        assertThat(read().hiddenConfiguration().orElseThrow().code()).isEqualTo(Problem.Code.LIMIT_EXCEEDED);
        Files.writeString(folder.resolve("a.yaml"), comment);
        assertThat(read().hiddenConfiguration()).as("none of ours").isEmpty();
    }

    @Test
    void aFileThatCannotBeRead() throws IOException {
        Files.createSymbolicLink(folder.resolve("a.yaml"), Path.of("nowhere"));
        assertThat(read().hiddenConfiguration()).isPresent();
        Files.delete(folder.resolve("a.yaml"));
        // A regular file whose first byte cannot be read, also by root.
        Files.createSymbolicLink(folder.resolve("a.yaml"), Path.of("/proc/self/mem"));
        assertThat(read().hiddenConfiguration().orElseThrow().message()).contains("cannot be read");
    }

    @Test
    void whatIsNone() throws IOException {
        Files.writeString(folder.resolve("deep.yaml"), "[".repeat(20_000));
        Files.writeString(folder.resolve("map.yaml"), "apiVersion: v1\nkind: ConfigMap\ndata: {a: 1, a: 2}\n");
        Files.createSymbolicLink(folder.resolve("zero.yaml"), Path.of("/dev/zero"));
        Snapshot snapshot = read();
        assertThat(snapshot.problems()).hasSize(3);
        assertThat(snapshot.hiddenConfiguration()).isEmpty();
    }

    private Snapshot read() {
        var source = new FolderSource(folder, Map.of());
        Instant now = Instant.now();
        source.look(now);
        return source.look(now.plus(FolderSource.AT_MOST)).snapshot();
    }
}
