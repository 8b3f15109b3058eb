package io.moongate.cli.adoption;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.cli.Moongate;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code moongate adoption import} as an operator calls it. */
class ImportCommandTest {
    private static final String FROM = "2025-08-01T00:00:00.000Z";
    private static final long NINE_DAYS = 9L * 24 * 3600 * 1000;

    @TempDir
    Path folder;

    private Path log;

    private record Result(int code, String out, String err) {}

    @BeforeEach
    void landscape() throws IOException {
        Path landscape = Files.createDirectories(folder.resolve("landscape"));
        Files.writeString(
                landscape.resolve("shoots.yaml"),
                """
                apiVersion: v1
                kind: List
                items:
                """ + shoot("moved", "shoot--foo--moved") + shoot("liar", "shoot-liar"));
        log = folder.resolve("gateway.log");
        Files.writeString(log, line("shoot--foo--moved", 8443));
    }

    @Test
    void aUseIsOneAtOnceAndTheRestIsNotObserved() throws IOException {
        Files.writeString(log, line("shoot-liar", 8132) + line("shoot--foo--moved", 8443));
        Result result = run(log.toString(), "-o", "csv");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out())
                .contains("garden-foo/liar,s,foo,,Active,Contradiction,true,True,0,0,2025-08-10T00:00:00Z")
                .contains("garden-foo/moved,s,foo,,Active,NotObserved,true,True,0,0,,");
        assertThat(result.err())
                .contains("read 2 lines (files: 1): 2 of tunnels of shoots")
                .contains("say which time they cover: --covers FROM..TO --longest-tunnel DURATION");
    }

    @Test
    void whatIsSaidOfTheLogsDecidesWhatTheyProve() throws IOException {
        Files.writeString(log, line("shoot-liar", 8443) + line("shoot--foo--moved", 8443));
        assertThat(run(log.toString(), "--covers", "2025-08-01..2025-08-10").err())
                .contains("--covers proves nothing alone: add --longest-tunnel");
        Result result = run(log.toString(), "--covers", "2025-08-01..2025-08-10", "--longest-tunnel", "24h");
        assertThat(result.out()).contains("2 Moved", "nothing blocks the removal of the legacy port");
        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("nothing after 2025-08-09T00:00:00Z is observed");
        Files.writeString(log, "what is this\n", StandardOpenOption.APPEND);
        Result unread = run(log.toString(), "--covers", "2025-08-01..2025-08-10", "--longest-tunnel", "24h");
        assertThat(unread.code()).isEqualTo(2);
        assertThat(unread.err()).contains("gateway.log, line 3: it is of another format: what is this");
        assertThat(run(
                                log.toString(),
                                "--covers",
                                "2025-08-01..2025-08-10",
                                "--longest-tunnel",
                                "24h",
                                "--ignore-unreadable")
                        .code())
                .isZero();
    }

    @Test
    void theOptionsOfTheReportHold() throws IOException {
        Files.writeString(log, line("shoot-liar", 8132) + line("shoot--foo--moved", 8443));
        assertThat(run(log.toString(), "--finding", "Contradiction", "-o", "json")
                        .out())
                .contains("garden-foo/liar", "\"setUps\" : 1")
                .doesNotContain("garden-foo/moved");
        assertThat(run(log.toString(), "--by", "seed", "-o", "csv").out()).contains("s,2,2,1,1");
        assertThat(run(log.toString(), "--seed", "nowhere").err()).contains("none of the 2 shoots is of that seed");
    }

    @Test
    void mistakesAreExplained() throws IOException {
        assertThat(run("nowhere.log").err()).contains("error: no such file, nowhere.log, give");
        assertThat(run(folder.toString()).err()).contains("the log is a folder", "/*");
        assertThat(run(log.toString(), "--format", "json").err())
                .contains("the format cannot be used (it has no command operator", "how to print is -o");
        assertThat(run(log.toString(), "--port", "x=legacy").err()).contains("'x' is not a port, in --port");
        assertThat(run(log.toString(), "--port", "18132=old").err()).contains("'old' is not a port's name");
        assertThat(run(log.toString(), "--covers", "yesterday..today").err()).contains("'yesterday' is not a time");
        assertThat(run(log.toString(), "--covers", "2025-08-02..2025-08-01").err())
                .contains("write the earlier time");
        assertThat(run(log.toString(), "--longest-tunnel", "1h").err()).contains("add --covers");
        assertThat(execute("adoption", "--blocking", "import", "--landscape", landscapeFolder(), log.toString())
                        .err())
                .contains("the option '--blocking' stands before 'import'");
        Path empty = Files.writeString(folder.resolve("empty.log"), "\n");
        assertThat(run(empty.toString())).satisfies(result -> {
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains("there is no line of an access log");
        });
        Path other = Files.writeString(folder.resolve("other.log"), "10.0.0.1 - - GET\n");
        assertThat(run(other.toString())).satisfies(result -> {
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.out()).isEmpty();
            assertThat(result.err()).contains("1 of 1 lines are not of", "line 1", "10.0.0.1 - - GET", "--format");
        });
    }

    /** To open the pipe would wait for a writer for ever, and the device has no end. */
    @Test
    void onlyFilesAreReadAndPipesOfTheShell() throws Exception {
        Path pipe = folder.resolve("pipe.log");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Path link = Files.createSymbolicLink(folder.resolve("link.log"), Path.of("/dev/zero"));
        for (String odd : List.of(pipe.toString(), "/dev/zero", link.toString(), "/dev/full")) {
            Result result = run(odd);
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err())
                    .contains(
                            "the log is no regular file, " + odd + ", ", "cat " + odd + " | moongate adoption import");
        }
    }

    /** What a shell makes of {@code <(zcat gateway.log.gz)}. */
    @Test
    void aPipeOfTheShellIsRead() throws Exception {
        String script = "exec 5< <(cat " + log + "); echo ready; read end";
        Process shell = new ProcessBuilder("bash", "-c", script).start();
        try (var said = shell.inputReader()) {
            assertThat(said.readLine()).isEqualTo("ready");
            assertThat(run("/proc/" + shell.pid() + "/fd/5").err()).contains("read 1 lines");
        } finally {
            shell.destroyForcibly();
        }
    }

    @Test
    void aLandscapeThatIsNotWholeProvesNothing() throws IOException {
        Files.writeString(
                folder.resolve("landscape").resolve("broken.yaml"),
                "apiVersion: core.gardener.cloud/v1beta1\nkind: Shoot\nmetadata: {name: x}\nspec: [\n");
        Result result = run(log.toString());
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("broken.yaml");
    }

    private static String line(String technicalId, int port) {
        return ("[%s] \"CONNECT - HTTP/1.1\" 200 - via_upstream - \"-\" 1 2 %d - \"-\" \"-\" \"%s\" \"a:443\" "
                        + "\"10.0.0.7:443\" outbound|443||kube-apiserver.%s.svc.cluster.local 10.0.0.1:4 10.0.0.1:%d "
                        + "203.0.113.9:51234 - -%n")
                .formatted(FROM, NINE_DAYS, technicalId + port, technicalId, port);
    }

    private static String shoot(String name, String technicalId) {
        return """
                - apiVersion: core.gardener.cloud/v1beta1
                  kind: Shoot
                  metadata: {name: %s, namespace: garden-foo}
                  spec: {seedName: s, provider: {workers: [{name: w}]}}
                  status:
                    seedName: s
                    technicalID: %s
                    lastOperation: {type: Reconcile, state: Succeeded}
                    conditions:
                    - type: ShootUsesUnifiedHTTPProxyPort
                      status: "True"
                      lastTransitionTime: "2025-07-01T00:00:00Z"
                """.formatted(name, technicalId);
    }

    private String landscapeFolder() {
        return folder.resolve("landscape").toString();
    }

    private Result run(String... arguments) {
        var all = new ArrayList<>(List.of("adoption", "import", "--landscape", landscapeFolder()));
        all.addAll(List.of(arguments));
        return execute(all.toArray(String[]::new));
    }

    private static Result execute(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Moongate.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Result(code, out.toString(), err.toString());
    }
}
