package io.moongate.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.manifest.file.LastGood;
import io.moongate.manifest.read.ConfigurationReader;
import io.moongate.manifest.read.Manifest;
import io.moongate.model.landscape.Landscape;
import io.moongate.model.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fails for a while costs nothing but that while. */
class KeptInputTest {
    private static final Map<String, List<Manifest>> OBJECTS =
            Map.of("a.yaml", List.of(new Manifest.OfConfiguration(ConfigurationReader.defaults())));

    @TempDir
    Path folder;

    @Test
    void whyIsSaidInWords() throws IOException {
        Files.createDirectories(folder.resolve("last-good.jsonl"));
        assertThat(KeptInput.open(folder).problems())
                .singleElement()
                .asString()
                .contains("cannot be read (it is no regular file); the source");
    }

    @Test
    void whatCouldNotBeWrittenIsWrittenLaterWithoutAnEdit() throws IOException {
        // Where the state folder should be is a file: nothing can be written there.
        Path state = Files.createFile(folder.resolve("state"));
        KeptInput kept = KeptInput.open(state);
        kept.remember(OBJECTS);
        Landscape inForce = LastGood.landscape(OBJECTS);
        Instant now = Instant.EPOCH;
        kept.changed();
        kept.writeIfDue(inForce, now);
        List<Problem> first = kept.problems();
        assertThat(first).extracting(Problem::code).containsExactly(Problem.Code.OUTPUT_FAILED);
        kept.writeIfDue(inForce, now.plus(KeptInput.RETRY));
        assertThat(kept.problems()).as("the same failure is the same problem").isEqualTo(first);
        Files.delete(state);
        kept.writeIfDue(inForce, now.plus(KeptInput.RETRY.multipliedBy(2)).minusNanos(1));
        assertThat(kept.problems()).as("not before its time").isEqualTo(first);
        kept.writeIfDue(inForce, now.plus(KeptInput.RETRY.multipliedBy(2)));
        assertThat(kept.problems()).isEmpty();
        assertThat(KeptInput.open(state).held()).isEqualTo(OBJECTS);
    }
}
