package io.moongate.manifest.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.manifest.ManifestSource.Look;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DESIGN's gateway rule 7, the part that is about files. The clock is the test's: no waiting. */
class FolderSourceTest {
    @TempDir
    Path folder;

    private FolderSource source;
    private Instant now = Instant.now();
    private int edits;

    @BeforeEach
    void start() throws IOException {
        write("a.yaml", shoot("one") + "---\n" + shoot("two"));
        write("b.yaml", shoot("three"));
        source = new FolderSource(folder, Map.of());
        settle();
    }

    @Test
    void aFileIsTakenWhenItHasBeenQuietFor200Millis() throws IOException {
        write("a.yaml", shoot("one"));
        assertThat(lookAfter(0).changed()).isFalse();
        write("a.yaml", shoot("four"));
        assertThat(lookAfter(150).changed()).as("changed again meanwhile").isFalse();
        assertThat(lookAfter(150).changed()).isFalse();
        assertThat(lookAfter(50).changed()).isTrue();
        assertThat(names()).containsExactly("four", "three");
    }

    /** A process plans anew for each: once it must, and not again and again. */
    @Test
    void aChangeIsToldOnceAlsoWhereOnlyProblemsChange() throws IOException {
        assertThat(lookAfter(250).changed()).isFalse();
        write("c.yaml", "kind: Shoot\n oops: [");
        lookAfter(0);
        assertThat(lookAfter(250).changed()).isTrue();
        assertThat(lookAfter(250).changed()).isFalse();
        Files.delete(folder.resolve("c.yaml"));
        lookAfter(0);
        assertThat(lookAfter(250).changed()).isTrue();
        assertThat(lookAfter(250).changed()).isFalse();
        Path link = Files.createSymbolicLink(folder.resolve("more"), Path.of("/nowhere"));
        assertThat(lookAfter(250)).satisfies(look -> {
            assertThat(look.changed()).isTrue();
            assertThat(look.snapshot().problems()).hasSize(1);
        });
        assertThat(lookAfter(250).changed()).isFalse();
        Files.delete(link);
        assertThat(lookAfter(250)).satisfies(look -> {
            assertThat(look.changed()).isTrue();
            assertThat(look.snapshot().problems()).isEmpty();
        });
        assertThat(lookAfter(250).changed()).isFalse();
    }

    @Test
    void aFileThatIsNeverQuietIsTakenAfterTwoSeconds() throws IOException {
        boolean changed = false;
        int millis = 0;
        for (; !changed && millis < 5000; millis += 100) {
            write("b.yaml", shoot("v" + millis));
            changed = lookAfter(100).changed();
        }
        assertThat(millis).isBetween(2000, 2200);
    }

    @Test
    void renamesAndSymlinkSwapsAreSeen() throws IOException {
        Path temporary = folder.resolve(".b.tmp");
        Files.writeString(temporary, shoot("renamed"));
        Files.move(
                temporary,
                folder.resolve("b.yaml"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        settle();
        assertThat(names()).containsExactly("one", "two", "renamed");

        // As a mounted ConfigMap: c.yaml → ..data/c.yaml, ..data → ..1, then ..data is swapped.
        for (String version : List.of("..1", "..2")) {
            Files.createDirectories(folder.resolve(version));
            Files.writeString(folder.resolve(version).resolve("c.yaml"), shoot("mounted" + version.substring(2)));
        }
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..1"));
        Files.createSymbolicLink(folder.resolve("c.yaml"), Path.of("..data/c.yaml"));
        settle();
        assertThat(names()).contains("mounted1");
        Files.createSymbolicLink(folder.resolve("..tmp"), Path.of("..2"));
        Files.move(
                folder.resolve("..tmp"),
                folder.resolve("..data"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        settle();
        assertThat(names()).contains("mounted2").doesNotContain("mounted1");
    }

    @Test
    void anEmptyFileKeepsWhatItHeld() throws IOException {
        write("a.yaml", "");
        assertKept(Problem.Code.EMPTY_FILE);
        write("a.yaml", "# only a comment\n---\n");
        assertKept(Problem.Code.EMPTY_FILE);
    }

    @Test
    void aFileCutInALineKeepsWhatItHeld() throws IOException {
        String whole = shoot("one") + "---\n" + shoot("two");
        write("a.yaml", whole.substring(0, whole.indexOf("workers") + 3));
        assertKept(Problem.Code.TRUNCATED_FILE);
        write("a.yaml", whole);
        settle();
        assertThat(source.look(now).snapshot().problems()).isEmpty();
    }

    @Test
    void aDocumentLessAtTheEndIsAnEditAndNotACut() throws IOException {
        write("a.yaml", shoot("one"));
        settle();
        assertThat(names()).containsExactly("one", "three");
    }

    @Test
    void anUnreadableFileKeepsWhatItHeld() throws IOException {
        Files.delete(folder.resolve("a.yaml"));
        Files.createSymbolicLink(folder.resolve("a.yaml"), Path.of("nowhere"));
        assertKept(Problem.Code.UNREADABLE_FILE);
        Files.delete(folder.resolve("a.yaml"));
        Files.write(folder.resolve("a.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertKept(Problem.Code.UNREADABLE_FILE);
    }

    @Test
    void aBadObjectKeepsItsLastGoodAndStopsNobodyElse() throws IOException {
        write(
                "a.yaml",
                shoot("one").replace("shoot--foo--one", "kube-system") + "---\n" + shoot("two") + "---\n"
                        + shoot("new"));
        settle();
        assertThat(names()).containsExactlyInAnyOrder("one", "two", "new", "three");
        assertThat(problems()).containsExactly(Problem.Code.INVALID_VALUE);
        write("a.yaml", "kind: [broken\n---\n" + shoot("two") + "---\n" + shoot("new"));
        settle();
        assertThat(names())
                .as("who the broken document was cannot be told: all stay")
                .containsExactlyInAnyOrder("one", "two", "new", "three");
        assertThat(problems()).containsExactly(Problem.Code.SYNTAX_ERROR);
    }

    @Test
    void anObjectInTwoFilesIsTakenOnce() throws IOException {
        write("b.yaml", shoot("one") + "---\n" + shoot("three"));
        settle();
        assertThat(names()).containsExactly("one", "two", "three");
        assertThat(problems()).containsExactly(Problem.Code.DUPLICATE_OBJECT);
    }

    @Test
    void aFolderThatIsGoneOrEmptyKeepsEverything(@TempDir Path elsewhere) throws IOException {
        Files.move(folder.resolve("a.yaml"), elsewhere.resolve("a.yaml"));
        Files.move(folder.resolve("b.yaml"), elsewhere.resolve("b.yaml"));
        settle();
        assertThat(names()).containsExactly("one", "two", "three");
        assertThat(problems()).containsExactly(Problem.Code.SOURCE_AWAY);
        Files.delete(folder);
        settle();
        assertThat(names()).hasSize(3);
        assertThat(problems()).containsExactly(Problem.Code.SOURCE_AWAY);
        Files.createDirectory(folder);
    }

    @Test
    void theLastGoodSurvivesARestartWithABrokenFile() throws IOException {
        Path state = folder.resolve(".state");
        new LastGood(state).write(source.look(now).snapshot().objects());
        write("a.yaml", "");
        source = new FolderSource(folder, new LastGood(state).read());
        settle();
        assertThat(names()).containsExactly("one", "two", "three");
        assertThat(problems()).containsExactly(Problem.Code.EMPTY_FILE);
    }

    @Test
    void listsAsKubectlWritesThemAndForeignKindsAreFine() throws IOException {
        String items = shoot("x").indent(4).replaceFirst(" {4}", "  - ");
        write(
                "c.yaml",
                "apiVersion: v1\nkind: List\nitems:\n" + items
                        + "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n");
        settle();
        assertThat(names()).contains("x");
        assertThat(problems()).isEmpty();
    }

    @Test
    void ofManyProblemsAThousandAreTold() throws IOException {
        for (int i = 0; i < 10; i++) {
            write("broken" + i + ".yaml", "kind: Shoot\n---\n".repeat(100));
        }
        settle();
        assertThat(problems()).hasSize(1000).containsOnly(Problem.Code.MISSING_FIELD);
        write("broken10.yaml", "kind: Shoot\n");
        settle();
        assertThat(source.look(now).snapshot().problems())
                .hasSize(1001)
                .last()
                .hasToString("error: and 1 more errors in all, correct what is listed first [MoreErrors]");
        assertThat(names()).containsExactly("one", "two", "three");
    }

    @Test
    void ofAFileWhoseObjectsAreAllElsewhereAHundredAreTold() throws IOException {
        var many = new StringBuilder();
        for (int i = 0; i < 101; i++) {
            many.append(shoot("s" + i)).append("---\n");
        }
        write("c.yaml", many.toString());
        write("d.yaml", many.toString());
        settle();
        assertThat(problems()).hasSize(101).endsWith(Problem.Code.MORE_ERRORS);
    }

    private void assertKept(Problem.Code code) {
        settle();
        assertThat(names()).containsExactly("one", "two", "three");
        assertThat(problems()).containsExactly(code);
    }

    private List<Problem.Code> problems() {
        return source.look(now).snapshot().problems().stream()
                .map(Problem::code)
                .toList();
    }

    private List<String> names() {
        return source.look(now).snapshot().landscape().shoots().stream()
                .map((Shoot s) -> s.key().name())
                .toList();
    }

    private void settle() {
        for (int i = 0; i < 30; i++) {
            lookAfter(100);
        }
    }

    private Look lookAfter(long millis) {
        now = now.plusMillis(millis);
        return source.look(now);
    }

    /** Writes in place; the time is set because two writes of a test can fall into one tick of the file system. */
    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
        Files.setLastModifiedTime(folder.resolve(name), FileTime.from(now.plusMillis(++edits)));
    }

    private static String shoot(String name) {
        return """
                apiVersion: core.gardener.cloud/v1beta1
                kind: Shoot
                metadata:
                  name: %s
                  namespace: garden-foo
                spec:
                  provider:
                    workers: [{name: w}]
                status:
                  technicalID: shoot--foo--%s
                """.formatted(name, name);
    }
}
