package io.moongate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as a person or a script calls them: output, errors with the way out, exit codes. */
class CommandsTest {
    private static final Path EXAMPLE = Path.of("../examples/landscape");

    @TempDir
    Path folder;

    private record Result(int code, String out, String err) {}

    @Test
    void theExampleIsValid() {
        Result result = run("validate", EXAMPLE.toString());
        assertThat(result.code()).as(result.out()).isZero();
        assertThat(result.out()).contains("4 shoots, 0 errors, 0 warnings");
    }

    @Test
    void validateNamesThePlaceAndTheWayOutAndEndsWithOne() throws IOException {
        Files.writeString(
                folder.resolve("c.yaml"),
                "apiVersion: config.moongate.io/v1alpha1\nkind: MoongateConfiguration\nadmin: {prot: 1}\n");
        Result result = run("validate", folder.toString());
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out())
                .contains("error: unknown field 'admin.prot'; did you mean 'port'?")
                .contains("c.yaml:3:9");
        assertThat(run("validate", folder.toString(), "-o", "json").out()).contains("\"code\" : \"UnknownField\"");
    }

    /** What is not listed is counted, and an error behind many warnings is one. */
    @Test
    void validateListsAFewOfManyProblems() throws IOException {
        Files.writeString(
                folder.resolve("c.yaml"),
                """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: k, namespace: shoot--a, labels: {kubernetes.io/service-name: kube-apiserver}}
                endpoints: [{addresses: [%s]}]
                ---
                """.formatted(String.join(",", Collections.nCopies(1000, "x"))).repeat(10) + "kind: Shoot\n");
        Result result = run("validate", folder.toString());
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out().lines().toList())
                .hasSize(102)
                .contains("0 shoots, 10 errors, 10000 warnings")
                .first()
                .asString()
                .contains("metadata.name is missing");
        assertThat(run("validate", folder.toString(), "-o", "json").out())
                .contains("\"code\" : \"MoreWarnings\"")
                .hasSizeLessThan(100_000);
    }

    /** What a manifest says must not move the cursor of the terminal, or begin a line. */
    @Test
    void cellsOfATableStayInTheirLine() {
        var out = new StringWriter();
        Output.table(new PrintWriter(out), List.of("A", "B"), List.of(List.of("a\n\u001b[31m", "\u202eb")));
        assertThat(out.toString().lines()).containsExactly("A" + " ".repeat(18) + "B", "a\\u000a\\u001b[31m  \\u202eb");
    }

    @Test
    void planShowsWhatTheGateChanges() {
        assertThat(run("plan", EXAMPLE.toString()).out())
                .containsPattern("garden-demo/hello +shoot--demo--hello +legacy +1 +on 240.0.17.4");
        assertThat(run("plan", EXAMPLE.toString(), "--feature-gates", "UseUnifiedHTTPProxyPort=true")
                        .out())
                .containsPattern("garden-demo/hello +shoot--demo--hello +unified");
        assertThat(run("plan", EXAMPLE.toString(), "-o", "yaml").out()).contains("shoot--demo--hello/vpn-client.ovpn");
    }

    @Test
    void diffComparesWithWhatIsThere() throws IOException {
        Path existing = Files.createDirectories(folder.resolve("shoot--demo--hello"));
        Files.writeString(
                existing.resolve("vpn-client.ovpn"),
                "# Written by Moongate for shoot garden-demo/hello; edits are overwritten.\nclient\nold line\n");
        Files.writeString(existing.resolve("mine.yaml"), "not ours\n");
        Result result = run("plan", EXAMPLE.toString(), "--diff", "--output", folder.toString());
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("- old line")
                .contains("+ remote vpn-seed-server.shoot--demo--hello.svc.cluster.local 1194")
                .doesNotContain("mine.yaml");
    }

    @Test
    void mistakesOnTheCommandLineAreExplained() {
        assertThat(run("plan", EXAMPLE.toString(), "--feature-gates", "UseUnified=true")
                        .err())
                .contains("unknown feature gate 'UseUnified'; known are UseUnifiedHTTPProxyPort");
        assertThat(run("plan", EXAMPLE.toString(), "--diff").err())
                .contains("error:")
                .contains("add --output DIR");
        assertThat(run("validate", "nowhere").err()).contains("error: the landscape is not a folder, nowhere, give");
        Result probe = run("probe", "--landscape", EXAMPLE.toString(), "--shoot", "garden-demo/helo");
        assertThat(probe.err()).contains("did you mean garden-demo/hello?");
        assertThat(probe.code()).isEqualTo(1);
        assertThat(run("prob").code()).isEqualTo(1);
        assertThat(run("probe").err()).contains("give either --shoot or --value");
        assertThat(run("probe", "--value", "outbound|80||www.example.org").err())
                .contains("is not a header value of a shoot's server", "in --value");
        assertThat(run("plan", EXAMPLE.toString(), "--objects", "--shoot", "garden-demo/hello")
                        .err())
                .contains("components.vpnClient.image", "components.probeImage");
        assertThat(run("gateway").err()).contains("name it with --seed");
        assertThat(run("gateway", "--seed", "s", "--seed-kubeconfig", "nowhere").err())
                .contains("the kubeconfig cannot be read, nowhere");
        assertThat(run("operator", "--seed", "s", "--config", EXAMPLE.toString(), "--admin", "here")
                        .err())
                .contains("'here' is not an address and a port");
    }

    @Test
    void aKubeconfigThatIsNoneIsExplainedInOneLine() throws IOException {
        Path garbage = Files.write(folder.resolve("kubeconfig"), new byte[] {0, (byte) 0xff, '{', '['});
        Result result =
                run("operator", "--seed", "s", "--config", EXAMPLE.toString(), "--seed-kubeconfig", garbage.toString());
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err().lines()).singleElement().asString().contains("the kubeconfig cannot be used");
    }

    @Test
    void everyCommandHasHelp() {
        for (String command : Moongate.commandLine().getSubcommands().keySet()) {
            Result result = run(command, "--help");
            assertThat(result.code()).as(command).isZero();
            assertThat(result.out()).as(command).contains("Usage:");
        }
    }

    private static Result run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Moongate.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Result(code, out.toString(), err.toString());
    }
}
