package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.GatewayProcess;
import io.moongate.conformance.lab.Lab;
import io.moongate.conformance.lab.Manifests;
import io.moongate.conformance.lab.SmallDisk;
import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is broken when a process starts, it serves tunnels, and says in one line what it cannot do. */
class StartTest {
    private static final String VALUE = Plans.apiServer("shoot--test--live");

    @TempDir
    Path folder;

    @Test
    void aFullDiskForTheState() throws Exception {
        try (var disk = SmallDisk.full(folder.resolve("disk"))) {
            serves(gateway().stateIn(disk.folder()), "OutputFailed");
        }
    }

    @Test
    void aReadOnlyDiskForTheState() throws Exception {
        try (var disk = SmallDisk.readOnly(folder.resolve("disk"))) {
            serves(gateway().stateIn(disk.folder()), "OutputFailed");
        }
    }

    /** The native libraries of Netty and SQLite are not unpacked. */
    @Test
    void aFullDiskForTemporaryFiles() throws Exception {
        try (var disk = SmallDisk.full(folder.resolve("disk"))) {
            serves(gateway().withJavaOptions("-Djava.io.tmpdir=" + disk.folder()), "");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "directory", "pipe", "device"})
    void evidenceThatIsNone(String kind) throws Exception {
        odd(Files.createDirectories(folder.resolve("state")).resolve("evidence.db"), kind);
        serves(gateway(), kind.equals("garbage") ? "" : "evidence cannot be kept in");
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "directory", "pipe", "device"})
    void aLastGoodThatIsNone(String kind) throws Exception {
        odd(Files.createDirectories(folder.resolve("state")).resolve("last-good.jsonl"), kind);
        serves(gateway(), "");
    }

    @Test
    void anAccessLogThatCannotBeWritten() throws Exception {
        Path log = folder.resolve("not/yet/access.log");
        try (var upstream = Upstream.echo();
                var gateway = started(gateway(), upstream, "--access-log", log.toString())) {
            tunnel(gateway, Entrance.UNIFIED);
            await().untilAsserted(() -> assertThat(gateway.config()).contains("the access log cannot be written"));
            Files.createDirectories(log.getParent());
            tunnel(gateway, Entrance.UNIFIED);
            await().until(() -> Files.exists(log) && !gateway.config().contains("the access log cannot be written"));
            hasNoStackTrace(gateway);
        }
    }

    @Test
    void anAdminPortThatIsTaken() throws Exception {
        var gateway = gateway();
        try (var upstream = Upstream.echo()) {
            try (var other = listen(gateway.admin().port())) {
                assertThat(other.isBound()).isTrue();
                started(gateway, upstream);
                assertThat(gateway.errors()).contains("AdminFailed", "free the port");
                tunnel(gateway, Entrance.UNIFIED);
            }
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> gateway.get("/readyz").statusCode() == 200);
            hasNoStackTrace(gateway);
        } finally {
            gateway.close();
        }
    }

    @Test
    void oneListenersPortThatIsTaken() throws Exception {
        var gateway = gateway();
        try (var upstream = Upstream.echo()) {
            try (var other = listen(gateway.address(Entrance.LEGACY).getPort())) {
                assertThat(other.isBound()).isTrue();
                started(gateway, upstream);
                assertThat(gateway.config()).contains("ListenerFailed");
                assertThat(gateway.get("/readyz").statusCode()).isEqualTo(503);
                tunnel(gateway, Entrance.UNIFIED);
            }
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> gateway.get("/readyz").statusCode() == 200);
            tunnel(gateway, Entrance.LEGACY);
            hasNoStackTrace(gateway);
        } finally {
            gateway.close();
        }
    }

    /** As on a machine without IPv6: no socket of that family can be made. */
    @Test
    void noIpv6() throws Exception {
        var gateway = gateway().withJavaOptions("-Djava.net.preferIPv4Stack=true");
        try (var upstream = Upstream.echo()) {
            Files.writeString(
                    gateway.landscape().resolve("moongate.yaml"),
                    Manifests.configuration(
                            false,
                            "admin: {port: %d}\ndashboard: {port: 0}\ngateway: {%s}\n"
                                    .formatted(gateway.admin().port(), gateway.listeners("0.0.0.0", "::"))));
            shoot(gateway, upstream);
            gateway.start();
            tunnel(gateway, Entrance.UNIFIED);
            assertThat(gateway.config()).doesNotContain("ListenerFailed");
            hasNoStackTrace(gateway);
        } finally {
            gateway.close();
        }
    }

    @Test
    void fewOpenFiles() throws Exception {
        serves(new GatewayProcess(folder, 150), "");
    }

    /** Without its access lists it would let everybody in. */
    @ParameterizedTest
    @ValueSource(strings = {"kind: MoongateConfiguration\ngateway: [", "kind: MoongateConfig\n", "# B\u00fcro\n"})
    void aConfigurationThatIsBrokenAndNoLastGood(String rest) throws Exception {
        String text = "apiVersion: config.moongate.io/v1alpha1\n" + rest;
        try (var gateway = gateway()) {
            Files.write(gateway.landscape().resolve("a.yaml"), text.getBytes(StandardCharsets.ISO_8859_1));
            assertThatThrownBy(gateway::start).hasMessageContaining("it may be the MoongateConfiguration");
            assertThat(gateway.errors()).contains("a.yaml").doesNotContain("\tat ");
            assertThat(gateway.process().waitFor()).isEqualTo(1);
        }
    }

    /** Beside an odd file that is no configuration it serves. */
    @Test
    void oddFiles() throws Exception {
        Path landscape = gateway().landscape();
        odd(landscape.resolve("garbage.yaml"), "garbage");
        odd(landscape.resolve("pipe.yaml"), "pipe");
        odd(landscape.resolve("device.yaml"), "device");
        Files.writeString(landscape.resolve("deep.json"), "[".repeat(20_000));
        serves(gateway(), "garbage.yaml");
    }

    /** chmod changes nothing that a look at the folder could see. */
    @Test
    void aFileThatIsMadeReadable() throws Exception {
        try (var upstream = Upstream.echo();
                // Root without the right to read what it may not read.
                var gateway = gateway().under("setpriv", "--bounding-set=-dac_override,-dac_read_search")) {
            gateway.configure("");
            shoot(gateway, upstream);
            Path file = gateway.landscape().resolve("live.yaml");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
            gateway.start();
            assertThat(gateway.config()).contains("AccessDenied");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            await().untilAsserted(() -> assertThat(gateway.config()).doesNotContain("AccessDenied"));
            tunnel(gateway, Entrance.UNIFIED);
        }
    }

    /** Two event loops for each core, with three descriptors each, would need more than there are. */
    @ParameterizedTest
    @ValueSource(ints = {1024, 300, 150})
    void manyCoresAndFewOpenFiles(int openFiles) throws Exception {
        serves(new GatewayProcess(folder, openFiles).withJavaOptions("-XX:ActiveProcessorCount=192"), "");
    }

    @ParameterizedTest
    @ValueSource(ints = {149, 64})
    void tooFewOpenFiles(int openFiles) throws Exception {
        try (var gateway = new GatewayProcess(folder, openFiles)) {
            gateway.configure("");
            assertThatThrownBy(gateway::start).isInstanceOf(AssertionError.class);
            assertThat(gateway.process().exitValue()).isEqualTo(1);
            assertThat(gateway.errors())
                    .isEqualTo("error: this process may open " + openFiles + " files, and needs 150 to serve, on this"
                            + " machine, raise the open-file limit (ulimit -n, LimitNOFILE)\n");
        }
    }

    @Test
    void noHome() throws Exception {
        Lab.Ended ended = Lab.ended("env", "-u", "HOME", System.getProperty("launcher"), "--version");
        assertThat(ended.exit()).as(ended.output()).isZero();
    }

    private GatewayProcess gateway() throws IOException {
        return new GatewayProcess(folder, 0);
    }

    private void serves(GatewayProcess gateway, String problem) throws Exception {
        try (var upstream = Upstream.echo();
                gateway) {
            started(gateway, upstream);
            tunnel(gateway, Entrance.UNIFIED);
            tunnel(gateway, Entrance.LEGACY);
            assertThat(gateway.config()).contains(problem);
            hasNoStackTrace(gateway);
        }
    }

    private static GatewayProcess started(GatewayProcess gateway, Upstream upstream, String... options)
            throws IOException {
        gateway.configure("");
        shoot(gateway, upstream);
        gateway.start(options);
        return gateway;
    }

    private static void shoot(GatewayProcess gateway, Upstream upstream) throws IOException {
        Files.writeString(
                gateway.landscape().resolve("live.yaml"),
                Manifests.shoot("live", "gw.example.org", false)
                        + Manifests.endpoints("live", "kube-apiserver", upstream.port()));
    }

    private static void tunnel(GatewayProcess gateway, Entrance entrance) throws IOException {
        try (var tunnel = Client.tunnel(gateway.address(entrance), entrance, VALUE)) {
            tunnel.send("up");
            assertThat(tunnel.read(2)).isEqualTo("up");
        }
    }

    private static void hasNoStackTrace(GatewayProcess gateway) throws IOException {
        assertThat(gateway.errors()).doesNotContain("\tat ");
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }

    private static void odd(Path file, String kind) throws Exception {
        switch (kind) {
            case "garbage" -> Files.write(file, new byte[] {(byte) 0xff, 0, 1, 2, (byte) 0xc3, 0x28, '\n'});
            case "directory" -> Files.createDirectory(file);
            case "pipe" ->
                assertThat(Lab.ended("mkfifo", file.toString()).exit()).isZero();
            case "device" -> Files.createSymbolicLink(file, Path.of("/dev/zero"));
            default -> throw new IllegalArgumentException(List.of(kind).toString());
        }
    }
}
