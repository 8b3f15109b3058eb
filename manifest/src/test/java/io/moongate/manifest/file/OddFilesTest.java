package io.moongate.manifest.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.manifest.ManifestSource.Look;
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

/** An odd file costs at most itself: it is a problem, and every other edit is taken. */
class OddFilesTest {
    @TempDir
    Path folder;

    @TempDir
    Path elsewhere;

    private FolderSource source;
    private Instant now = Instant.now();

    @BeforeEach
    void start() throws IOException {
        write("good.yaml", shoot("good"));
        source = new FolderSource(folder, Map.of());
        settle();
    }

    @Test
    void aPipeIsNotOpened() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("x.yaml").toString())
                        .start()
                        .waitFor())
                .isZero();
        assertProblem(Problem.Code.UNREADABLE_FILE, "x.yaml", "only regular files are read");
    }

    @Test
    void aDeviceIsNotRead() throws IOException {
        Files.createSymbolicLink(folder.resolve("x.yaml"), Path.of("/dev/zero"));
        assertProblem(Problem.Code.UNREADABLE_FILE, "x.yaml", "only regular files are read");
    }

    @Test
    void aLinkThatLeadsNowhereIsAProblem() throws IOException {
        Files.createSymbolicLink(folder.resolve("x.yaml"), Path.of("nowhere"));
        assertProblem(Problem.Code.UNREADABLE_FILE, "x.yaml", "NoSuchFile");
    }

    @Test
    void aFileIsReadUpToItsLimitAndNotBeyond() throws IOException {
        configure("maxFileBytes: 2000");
        write("at.yaml", padded(shoot("at"), 2000));
        write("beyond.yaml", padded(shoot("beyond"), 2001));
        settle();
        assertThat(names()).containsExactly("at", "good");
        assertThat(problems()).singleElement().satisfies(p -> {
            assertThat(p.code()).isEqualTo(Problem.Code.LIMIT_EXCEEDED);
            assertThat(p.toString()).contains("larger than 2000 bytes", "beyond.yaml", "raise input.maxFileBytes");
        });
        configure("maxFileBytes: 2001");
        settle();
        assertThat(names()).containsExactly("at", "beyond", "good");
        assertThat(problems()).isEmpty();
    }

    @Test
    void aFileThatGrowsBeyondTheLimitKeepsWhatItHeld() throws IOException {
        configure("maxFileBytes: 2000");
        settle();
        write("good.yaml", padded(shoot("other"), 2001));
        settle();
        assertThat(names()).containsExactly("good");
        assertThat(problems()).hasSize(1);
    }

    /** Its size says nothing: what counts is what is read. */
    @Test
    void aFileWithoutASizeIsLimitedAsWell() throws IOException {
        configure("maxFileBytes: 1024");
        settle();
        Path endless = Path.of("/proc/kallsyms");
        if (Files.isReadable(endless)) {
            Files.createSymbolicLink(folder.resolve("x.yaml"), endless);
            assertProblem(Problem.Code.LIMIT_EXCEEDED, "x.yaml", "larger than 1024 bytes");
        }
    }

    @Test
    void filesAreCountedAndWeighed() throws IOException {
        configure("maxFiles: 3");
        write("a.yaml", shoot("a"));
        settle();
        assertThat(problems()).isEmpty();
        write("z.yaml", shoot("z"));
        settle();
        assertThat(names()).containsExactly("a", "good");
        assertThat(problems()).singleElement().asString().contains("more than 3 files", "z.yaml");
        configure("maxFiles: 4, maxTotalBytes: " + (sizeOf("a.yaml") + sizeOf("good.yaml") + 1024));
        settle();
        assertThat(problems()).isEmpty();
        assertThat(names()).containsExactly("a", "good", "z");
        write("zz.yaml", padded(shoot("zz"), 2000));
        settle();
        assertThat(problems()).extracting(Problem::code).contains(Problem.Code.LIMIT_EXCEEDED);
    }

    @Test
    void aLinkThatLeadsBackIsNoSecondCopy() throws IOException {
        Files.createSymbolicLink(folder.resolve("loop"), folder);
        Path real = Files.createDirectories(folder.resolve("real"));
        Files.writeString(real.resolve("below.yaml"), shoot("below"));
        Files.createSymbolicLink(real.resolve("up"), Path.of(".."));
        Files.createSymbolicLink(folder.resolve("another"), real);
        settle();
        assertThat(names()).containsExactly("good", "below");
        assertThat(problems()).isEmpty();
        assertThat(look().snapshot().objects()).containsKey("real/below.yaml");
    }

    @Test
    void aLinkToAFolderElsewhereIsFollowed() throws IOException {
        Files.writeString(elsewhere.resolve("b.yaml"), shoot("elsewhere"));
        Files.createSymbolicLink(folder.resolve("linked"), elsewhere);
        settle();
        assertThat(names()).containsExactly("good", "elsewhere");
    }

    @Test
    void foldersAreEnteredUpToALimit() throws IOException {
        Path deep = folder;
        for (int i = 0; i < FolderScan.MAX_DEPTH; i++) {
            deep = deep.resolve("d");
        }
        Files.createDirectories(deep.resolve("d"));
        Files.writeString(deep.resolve("at.yaml"), shoot("at"));
        Files.writeString(deep.resolve("d/beyond.yaml"), shoot("beyond"));
        settle();
        assertThat(names()).containsExactlyInAnyOrder("at", "good");
        assertThat(problems()).singleElement().asString().contains("deeper than 16 levels");
    }

    /** Whoever has set a limit too low must be able to take that back. */
    @Test
    void limitsBelowTheirOwnFileCanBeRaised() throws IOException {
        String low = configuration("maxFileBytes: 1024, maxTotalBytes: 1024, maxFiles: 1");
        write("z.yaml", padded(low, 2000));
        settle();
        write("z.yaml", padded(configuration("maxFiles: 100"), 3000));
        write("new.yaml", padded(shoot("new"), 2000));
        settle();
        settle();
        assertThat(names()).containsExactlyInAnyOrder("good", "new");
        assertThat(problems()).isEmpty();
    }

    /** As a mount that goes. */
    @Test
    void aLinkToAFolderThatIsAwayKeepsWhatWasBelow() throws IOException {
        Path mount = Files.createDirectory(elsewhere.resolve("mount"));
        Files.writeString(mount.resolve("b.yaml"), shoot("below"));
        Files.createSymbolicLink(folder.resolve("linked"), mount);
        settle();
        Files.move(mount, elsewhere.resolve("away"));
        assertProblem(Problem.Code.UNREADABLE_FILE, "linked", "cannot be followed", "edited", "below");
    }

    /** A link to the root of the file system, for example. */
    @Test
    void foldersAreCounted() throws IOException {
        Files.writeString(Files.createDirectories(elsewhere.resolve("z")).resolve("late.yaml"), shoot("late"));
        Files.createSymbolicLink(folder.resolve("many"), elsewhere);
        settle();
        assertThat(names()).containsExactly("good", "late");
        for (int i = 2; i < FolderScan.MAX_FOLDERS; i++) {
            Files.createDirectory(elsewhere.resolve("a" + i));
        }
        settle();
        assertThat(problems()).as("at the limit").isEmpty();
        Files.createDirectory(elsewhere.resolve("b"));
        write("good.yaml", shoot("edited"));
        settle();
        assertThat(names()).containsExactly("edited", "late");
        assertThat(problems()).singleElement().asString().contains("more than 20000 folders");
    }

    @Test
    void namesThatTheLocaleCannotReadStayDifferent() throws Exception {
        String script = "cd '" + folder + "'; for c in '\\376' '\\377'; do mv $c.yaml \"$(printf $c).yaml\"; done";
        for (String name : new String[] {"\\376", "\\377"}) {
            write(name + ".yaml", shoot("name-" + name.substring(1)));
        }
        assertThat(new ProcessBuilder("bash", "-c", script).start().waitFor()).isZero();
        settle();
        assertThat(names()).containsExactlyInAnyOrder("good", "name-376", "name-377");
        assertThat(look().snapshot().objects()).containsKeys("\ufffd%FE.yaml", "\ufffd%FF.yaml");
    }

    @Test
    void aFolderNamedLikeAFileIsAFolder() throws IOException {
        Files.createDirectories(folder.resolve("x.yaml"));
        Files.writeString(folder.resolve("x.yaml/y.yaml"), shoot("below"));
        settle();
        assertThat(names()).containsExactly("good", "below");
    }

    @Test
    void aNameWithALinesEndIsOneNameEverywhere() throws IOException {
        String name = "evil\n# from other\\n.yaml";
        write(name, shoot("evil"));
        write("bad\nname.yaml", "a: [");
        settle();
        assertThat(names()).containsExactlyInAnyOrder("evil", "good");
        assertThat(problems())
                .singleElement()
                .satisfies(p ->
                        assertThat(p.toString()).contains("bad\\u000aname.yaml").doesNotContain("\n"));
        Path state = elsewhere.resolve("last-good.jsonl");
        new LastGood(state).write(look().snapshot().objects());
        assertThat(new LastGood(state).read()).isEqualTo(look().snapshot().objects());
    }

    @Test
    void whatIsNestedTooDeepCostsItsFile() throws IOException {
        write("flow.yaml", "[".repeat(20_000));
        write("object.json", "{\"a\":".repeat(3_000));
        write("good.yaml", shoot("edited"));
        settle();
        assertThat(names()).containsExactly("edited");
        assertThat(problems()).hasSize(2).allMatch(p -> p.code() == Problem.Code.LIMIT_EXCEEDED);
    }

    @Test
    void aLastGoodThatIsNoneIsAnErrorAndADamagedLineCostsItself() throws IOException {
        Path file = elsewhere.resolve("last-good.jsonl");
        configure("maxFiles: 10");
        settle();
        var good = new LastGood(file);
        good.write(look().snapshot().objects());
        Files.write(file, new byte[] {'{', (byte) 0xff, '\n'}, java.nio.file.StandardOpenOption.APPEND);
        var damaged = new LastGood(file);
        assertThat(damaged.read()).isEqualTo(look().snapshot().objects());
        assertThat(damaged.unreadableLines()).isEqualTo(1);
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("/dev/zero"));
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> new LastGood(file).read())
                .hasMessage("it is no regular file");
    }

    /** Without the access lists in it every client could reach every shoot. */
    @Test
    void aLastGoodWhoseConfigurationMayBeLostIsNotUsed() throws IOException {
        configure("maxFiles: 10");
        settle();
        Path file = elsewhere.resolve("last-good.jsonl");
        new LastGood(file).write(look().snapshot().objects());
        String text = Files.readString(file);
        Files.writeString(file, text.replace("\"maxFiles\":10", "\"maxFilez\":10"));
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> new LastGood(file).read())
                .hasMessageContaining("none is a configuration");
    }

    private void assertProblem(Problem.Code code, String file, String message) throws IOException {
        assertProblem(code, file, message, "edited");
    }

    private void assertProblem(Problem.Code code, String file, String message, String... shoots) throws IOException {
        write("good.yaml", shoot("edited"));
        settle();
        assertThat(names()).as("every other edit is taken").containsExactlyInAnyOrder(shoots);
        assertThat(problems()).singleElement().satisfies(p -> {
            assertThat(p.code()).isEqualTo(code);
            assertThat(p.toString()).contains(message, file);
        });
    }

    private void configure(String input) throws IOException {
        write("config.yaml", configuration(input));
        settle();
    }

    private static String configuration(String input) {
        return "apiVersion: config.moongate.io/v1alpha1\nkind: MoongateConfiguration\ninput: {" + input + "}\n";
    }

    private void settle() {
        for (int i = 0; i < 4; i++) {
            look();
            now = now.plusSeconds(3);
        }
    }

    private Look look() {
        return source.look(now);
    }

    private List<Problem> problems() {
        return look().snapshot().problems();
    }

    private List<String> names() {
        return look().snapshot().landscape().shoots().stream()
                .map(Shoot::key)
                .map(key -> key.name())
                .toList();
    }

    private long sizeOf(String name) throws IOException {
        return Files.size(folder.resolve(name));
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
