package io.moongate.manifest.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moongate.manifest.ManifestSource.Snapshot;
import io.moongate.manifest.read.InputLimits;
import io.moongate.manifest.read.Manifest;
import io.moongate.model.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process takes no more input than its heap has room for; what there is no room for is a problem, and no more. */
class MemoryLimitsTest {
    /** Room for 1,536 objects, 2,304 names, files of 235,929 bytes and documents of 14,745 values. */
    private static final long HEAP = 9 << 20;

    private static final String ENOUGH_MEMORY = "its heap of 9 MiB allows no more (-Xmx)";

    @TempDir
    Path folder;

    @TempDir
    Path elsewhere;

    private FolderSource source;
    private Instant now = Instant.now();

    @BeforeEach
    void start() {
        source = new FolderSource(folder, Map.of(), HEAP);
    }

    @Test
    void aFileForWhichThereIsNoRoomIsNotTaken() throws IOException {
        write("a.yaml", shoots("a", 500));
        write("b.yaml", shoots("b", 13));
        write("c.yaml", shoots("c", 12));
        assertThat(settle().landscape().shoots()).hasSize(512);
        assertProblem("b.yaml", "more objects than the 36 for which there is room", ENOUGH_MEMORY);
    }

    @Test
    void whatItHeldStays() throws IOException {
        write("a.yaml", shoots("a", 500));
        write("b.yaml", shoots("b", 10));
        settle();
        write("b.yaml", shoots("b", 15));
        assertThat(settle().landscape().shoots()).hasSize(510);
        assertProblem("b.yaml", "all it held stays in force");
    }

    @Test
    void itIsTakenWhenThereIsRoom() throws IOException {
        write("a.yaml", shoots("a", 500));
        write("b.yaml", shoots("b", 20));
        settle();
        write("a.yaml", shoots("a", 495));
        assertThat(settle().landscape().shoots()).as("room for 17").hasSize(495);
        Files.delete(folder.resolve("a.yaml"));
        assertThat(settle().landscape().shoots()).hasSize(20);
        assertThat(settle().problems()).isEmpty();
    }

    /** What was last good counts as well. */
    @Test
    void theLastGoodTakesRoom() throws IOException {
        write("a.yaml", shoots("a", 500));
        Map<String, List<Manifest>> held = settle().objects();
        source = new FolderSource(folder, held, HEAP);
        write("b.yaml", shoots("b", 13));
        assertThat(settle().landscape().shoots()).hasSize(500);
        assertProblem("b.yaml", "room");
    }

    @Test
    void manyAddressesCountAsObjects() throws IOException {
        write("a.yaml", slice(1000));
        write("b.yaml", slice(4000));
        assertThat(settle().objects().get("a.yaml"))
                .singleElement()
                .satisfies(slice -> assertThat(slice.weight()).isEqualTo(1 + 1000 / 16));
        assertProblem("b.yaml", "more than 14745 values");
    }

    @Test
    void aConfigurationThatMayBeInItIsHidden() throws IOException {
        write("a.yaml", shoots("a", 500));
        write("b.yaml", shoots("b", 100));
        assertThat(settle().hiddenConfiguration()).isEmpty();
        write("b.yaml", shoots("b", 100) + "---\n" + configuration("maxFiles: 10"));
        assertThat(settle().hiddenConfiguration()).isPresent();
    }

    @Test
    void theConfiguredLimitCountsWhereItIsLower() throws IOException {
        write("config.yaml", configuration("maxObjects: 30"));
        settle();
        write("a.yaml", shoots("a", 10));
        settle();
        assertProblem("a.yaml", "the 29 for which there is room", "raise input.maxObjects");
        write("config.yaml", configuration("maxObjects: 31"));
        assertThat(settle().landscape().shoots()).hasSize(10);
    }

    @Test
    void aLimitBelowItsOwnFileCanBeRaised() throws IOException {
        write("a.yaml", shoots("a", 10) + "---\n" + configuration("maxObjects: 5"));
        settle();
        write("a.yaml", shoots("b", 11) + "---\n" + configuration("maxObjects: 40"));
        assertThat(settle().landscape().shoots()).hasSize(11);
        assertThat(settle().problems()).isEmpty();
    }

    @Test
    void aFileIsAtMostAFortiethOfTheHeap() throws IOException {
        write("a.yaml", "#" + "x".repeat((int) (HEAP / 40) - 2) + "\n");
        assertThat(settle().problems()).isEmpty();
        write("a.yaml", "#" + "x".repeat((int) (HEAP / 40) - 1) + "\n");
        settle();
        assertProblem("a.yaml", "larger than 235929 bytes", "split it, or give", ENOUGH_MEMORY);
    }

    @Test
    void allFilesAreAtMostASixthOfTheHeap() throws IOException {
        for (int i = 0; i < 7; i++) {
            write(i + ".yaml", "#" + "x".repeat(225_000) + "\n");
        }
        settle();
        assertProblem("6.yaml", "more than 1572864 bytes in all", ENOUGH_MEMORY);
    }

    @Test
    void namesAreCounted() throws IOException {
        for (int i = 0; i < 2305; i++) {
            write(i + ".txt", "");
        }
        settle();
        assertProblem(folder.toString(), "2304 names", ENOUGH_MEMORY);
    }

    @Test
    void aFileThatHoldsNothingYetIsAProblem() throws IOException {
        write("a.yaml", "");
        assertThat(settle().hiddenConfiguration()).isPresent();
        assertProblem("a.yaml", "the file is empty");
        write("a.yaml", "# nothing any more\n");
        assertThat(settle().problems()).isEmpty();
    }

    @Test
    void aLastGoodOfMoreObjectsIsNotRead() throws IOException {
        write("a.yaml", shoots("a", 500));
        Path file = elsewhere.resolve("last-good.jsonl");
        new LastGood(file, HEAP).write(settle().objects());
        assertThat(new LastGood(file, HEAP).read()).isEqualTo(settle().objects());
        assertThatThrownBy(() -> new LastGood(file, HEAP / 2).read())
                .hasMessageContaining("more than the 768 objects", "-Xmx");
    }

    @Test
    void ofTheLastGoodALongLineCostsItself() throws IOException {
        write("a.yaml", shoots("a", 10));
        write("config.yaml", configuration("maxFiles: 10"));
        Path file = elsewhere.resolve("last-good.jsonl");
        new LastGood(file, HEAP).write(settle().objects());
        Files.writeString(file, "x".repeat((1 << 20) + 1) + "\n", StandardOpenOption.APPEND);
        var lastGood = new LastGood(file, HEAP);
        assertThat(lastGood.read()).isEqualTo(settle().objects());
        assertThat(lastGood.unreadableLines()).isEqualTo(1);
    }

    /** A start must not wait for the end of a damaged file. */
    @Test
    void ofTheLastGoodManyLinesWithoutAnObjectAreTheEnd() throws IOException {
        write("config.yaml", configuration("maxFiles: 10"));
        Path file = elsewhere.resolve("last-good.jsonl");
        for (String line : List.of("", "{}", "# from x")) {
            new LastGood(file, HEAP).write(settle().objects());
            // The file's name is one, too.
            Files.writeString(file, (line + "\n").repeat(1535), StandardOpenOption.APPEND);
            assertThat(new LastGood(file, HEAP).read()).as(line).containsAllEntriesOf(settle().objects());
            Files.writeString(file, line + "\n", StandardOpenOption.APPEND);
            assertThatThrownBy(() -> new LastGood(file, HEAP).read())
                    .as(line)
                    .hasMessage("more than 1536 of its lines hold no object");
        }
    }

    /** The sum of what the limits allow has to leave room for all else. */
    @Test
    void theSharesFitIntoTheHeap() {
        double kept = 1.0 / InputLimits.TOTAL_SHARE + 1200.0 / InputLimits.OBJECT_BYTES;
        double whileReading = 10.0 / InputLimits.FILE_SHARE + 100.0 / InputLimits.VALUE_BYTES;
        assertThat(kept + whileReading).isLessThan(0.95);
    }

    private void assertProblem(String place, String... parts) {
        assertThat(settle().problems()).singleElement().satisfies(p -> {
            assertThat(p.code()).isIn(Problem.Code.LIMIT_EXCEEDED, Problem.Code.EMPTY_FILE);
            assertThat(p.toString()).contains(place).contains(parts);
        });
    }

    private Snapshot settle() {
        for (int i = 0; i < 4; i++) {
            source.look(now);
            now = now.plusSeconds(3);
        }
        return source.look(now).snapshot();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private static String configuration(String input) {
        return "apiVersion: config.moongate.io/v1alpha1\nkind: MoongateConfiguration\ninput: {" + input + "}\n";
    }

    private static String shoots(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "kind: Shoot\nmetadata: {name: " + prefix + i + "}\nspec: {seedName: s}\n")
                .collect(Collectors.joining("---\n"));
    }

    private static String slice(int addresses) {
        return "kind: EndpointSlice\nmetadata: {name: e, labels: {kubernetes.io/service-name: x}}\nendpoints:\n"
                + "- {addresses: [10.0.0.1]}\n".repeat(addresses);
    }
}
