package io.moongate.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moongate.cli.Moongate;
import io.moongate.cli.UserError;
import io.moongate.manifest.ManifestSource.Look;
import io.moongate.manifest.ManifestSource.Snapshot;
import io.moongate.manifest.file.LastGood;
import io.moongate.manifest.read.ConfigurationReader;
import io.moongate.manifest.read.Manifest;
import io.moongate.model.landscape.Landscape;
import io.moongate.model.problem.Problem;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside something that may be the configuration, and is not read, no process starts with defaults in its place. */
class StartChecksTest {
    private static final String BEGINNING = "apiVersion: config.moongate.io/v1alpha1\nkind: MoongateConfiguration\n";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"broken", "utf-16", "link"})
    void theOperatorDoesNotStartBesideIt(String form) throws Exception {
        Path config = Files.createDirectory(folder.resolve("config"));
        Path file = config.resolve("moongate.yaml");
        switch (form) {
            case "broken" -> Files.writeString(file, BEGINNING + "admin: [\n");
            case "utf-16" -> Files.write(file, BEGINNING.getBytes(StandardCharsets.UTF_16));
            default -> Files.createSymbolicLink(file, Path.of("/nowhere"));
        }
        var err = new StringWriter();
        int code = Moongate.commandLine()
                .setErr(new PrintWriter(err, true))
                .execute("operator", "--seed", "s", "--config", config.toString(), "--seed-kubeconfig", "/nowhere");
        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).contains("moongate.yaml", "it may be the MoongateConfiguration");
    }

    /** The gateway's feed, too, says so in its snapshot. */
    @Test
    void whatServesDoesNotStartBesideItWithoutLastGood() throws IOException {
        var why = Problem.general(Problem.Code.UNREADABLE_FILE, "this part of the feed cannot be read", "delete it");
        var look = new Look(new Snapshot(Landscape.EMPTY, Map.of(), List.of(why), Optional.of(why)), true, true);
        KeptInput none = KeptInput.open(folder.resolve("empty"));
        assertThatThrownBy(() -> StartChecks.refuseBadInput(look, none, Landscape.EMPTY))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("cannot be read, delete it [UnreadableFile]; it may be the MoongateConf");
        Map<String, List<Manifest>> objects =
                Map.of("a.yaml", List.of(new Manifest.OfConfiguration(ConfigurationReader.defaults())));
        assertThatCode(() -> StartChecks.refuseBadInput(look, none, LastGood.landscape(objects)))
                .as("a configuration is in force")
                .doesNotThrowAnyException();
    }
}
