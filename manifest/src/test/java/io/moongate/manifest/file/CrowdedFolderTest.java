package io.moongate.manifest.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.landscape.Shoot;
import io.moongate.model.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New files, whatever their names, take only the room that those leave which were taken before. */
class CrowdedFolderTest {
    @TempDir
    Path folder;

    private FolderSource source;
    private Instant now = Instant.now();

    @BeforeEach
    void start() throws IOException {
        write("good.yaml", shoot("good"));
        write("other.yaml", shoot("other"));
        source = new FolderSource(folder, Map.of());
        settle();
    }

    @Test
    void newFilesThatSortFirstTakeNoPlaces() throws IOException {
        configure("maxFiles: 4");
        settle();
        for (int i = 0; i < 5; i++) {
            write("0" + i + ".yaml", shoot("new-" + i));
        }
        write("good.yaml", shoot("edited"));
        settle();
        assertThat(names()).containsExactlyInAnyOrder("edited", "other", "new-0");
        assertThat(problems())
                .hasSize(4)
                .allSatisfy(p -> assertThat(p.toString())
                        .contains("there are more than 4 files, and no room for this one", "raise input.maxFiles"));
        Files.delete(folder.resolve("other.yaml"));
        settle();
        assertThat(names()).as("room again").containsExactlyInAnyOrder("edited", "new-0", "new-1");
    }

    @Test
    void newFilesThatSortFirstTakeNoBytes() throws IOException {
        configure("maxTotalBytes: 4000");
        settle();
        write("00.yaml", padded(shoot("large"), 3900));
        write("good.yaml", shoot("edited"));
        settle();
        assertThat(names()).containsExactlyInAnyOrder("edited", "other");
        assertThat(problems()).singleElement().satisfies(p -> {
            assertThat(p.code()).isEqualTo(Problem.Code.LIMIT_EXCEEDED);
            assertThat(p.toString()).contains("with it there are more than 4000 bytes", "00.yaml");
        });
    }

    @Test
    void aFileThatGrowsTakesNothingFromOthers() throws IOException {
        configure("maxTotalBytes: 4000");
        settle();
        write("good.yaml", padded(shoot("grown"), 3750));
        settle();
        assertThat(names()).containsExactlyInAnyOrder("good", "other");
        assertThat(problems()).singleElement().asString().contains("more than 4000 bytes", "good.yaml");
        write("other.yaml", shoot("edited"));
        settle();
        assertThat(names()).containsExactlyInAnyOrder("good", "edited");
    }

    /** What holds nothing makes room for an edit of what holds something. */
    @Test
    void junkThatWasTakenMakesRoomForAnEdit() throws IOException {
        configure("maxTotalBytes: 4000");
        write("00.yaml", padded("#", 3000));
        settle();
        assertThat(problems()).isEmpty();
        write("good.yaml", padded(shoot("edited"), 1500));
        settle();
        assertThat(names()).containsExactlyInAnyOrder("edited", "other");
        assertThat(problems()).singleElement().asString().contains("00.yaml");
    }

    @Test
    void whatWasTakenBeforeARestartComesFirst() throws IOException {
        configure("maxFiles: 3");
        settle();
        var held = source.look(now).snapshot().objects();
        write("00.yaml", shoot("new"));
        write("good.yaml", shoot("edited"));
        source = new FolderSource(folder, held);
        settle();
        assertThat(names()).containsExactlyInAnyOrder("edited", "other");
        assertThat(problems()).singleElement().asString().contains("00.yaml");
    }

    /** A name counts whatever it is of: here the listing ends before it comes to all files. */
    @Test
    void namesThatAreTooManyHideNoFileThatIsKnown() throws IOException {
        source = new FolderSource(folder, Map.of(), 30 * 4096L);
        settle();
        assertThat(names()).containsExactlyInAnyOrder("good", "other");
        Path below = Files.createDirectory(folder.resolve("below"));
        for (int i = 0; i < 100; i++) {
            Files.createFile(folder.resolve("junk-" + i));
            Files.createFile(below.resolve("junk-" + i));
        }
        write("good.yaml", shoot("edited"));
        write("other.yaml", shoot("edited-too"));
        settle();
        assertThat(names()).containsExactlyInAnyOrder("edited", "edited-too");
        assertThat(problems()).singleElement().asString().contains("30 names");
    }

    private void configure(String input) throws IOException {
        write(
                "config.yaml",
                "apiVersion: config.moongate.io/v1alpha1\nkind: MoongateConfiguration\ninput: {" + input + "}\n");
        settle();
    }

    private void settle() {
        for (int i = 0; i < 4; i++) {
            source.look(now);
            now = now.plusSeconds(3);
        }
    }

    private List<Problem> problems() {
        return source.look(now).snapshot().problems();
    }

    private List<String> names() {
        return source.look(now).snapshot().landscape().shoots().stream()
                .map(Shoot::key)
                .map(key -> key.name())
                .toList();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private static String padded(String text, int length) {
        return text + "#" + "x".repeat(length - text.length() - 2) + "\n";
    }

    private static String shoot(String name) {
        return """
                apiVersion: core.gardener.cloud/v1beta1
                kind: Shoot
                metadata: {name: %1$s, namespace: garden-test}
                spec: {provider: {workers: [{name: w}]}}
                status: {technicalID: shoot--test--%1$s}
                """.formatted(name);
    }
}
