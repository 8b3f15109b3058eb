package io.moongate.conformance.lab;

import static org.awaitility.Awaitility.await;

import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code moongate run} as a process of its own on loopback, on ports that were free. */
public final class GatewayProcess implements AutoCloseable {
    private final Path folder;
    private final Path landscape;
    private final int unified = Admin.freePort();
    private final int legacy = Admin.freePort();
    private final Admin admin = new Admin();
    private final int openFiles;
    private Path state;
    private String javaOptions = "";
    private List<String> wrapper = List.of();
    private Process process;

    /** @param openFiles limit of its open files; 0 leaves it as it is */
    public GatewayProcess(Path folder, int openFiles) throws IOException {
        this.folder = folder;
        this.openFiles = openFiles;
        this.state = folder.resolve("state");
        this.landscape = Files.createDirectories(folder.resolve("landscape"));
    }

    /** Another folder than one of its own. */
    public GatewayProcess stateIn(Path other) {
        state = other;
        return this;
    }

    /** A command that starts the launcher. */
    public GatewayProcess under(String... command) {
        wrapper = List.of(command);
        return this;
    }

    /** What the launcher hands on to the JVM. */
    public GatewayProcess withJavaOptions(String options) {
        javaOptions = options;
        return this;
    }

    public Path landscape() {
        return landscape;
    }

    /** The configuration with this process' ports; {@code extra} goes under gateway. */
    public String configuration(boolean gate, String legacyAddresses, String legacyProxy, String extra) {
        return Manifests.configuration(
                gate, """
                admin: {port: %d}
                dashboard: {port: 0}
                gateway:
                  listeners:
                    unified: {port: %d, addresses: ["127.0.0.1"]}
                    legacy: {port: %d, addresses: [%s], proxyProtocol: {%s}}
                %s""".formatted(admin.port(), unified, legacy, legacyAddresses, legacyProxy, extra.indent(2)));
    }

    public void configure(String extra) throws IOException {
        Files.writeString(landscape.resolve("moongate.yaml"), configuration(false, "\"127.0.0.1\"", "", extra));
    }

    /** As {@code moongate run} of the folder {@link #landscape}. */
    public void start(String... options) throws IOException {
        var role = new ArrayList<String>();
        role.addAll(List.of("run", "--landscape", landscape.toString()));
        role.addAll(List.of(options));
        launch(role);
    }

    /** As {@code moongate gateway}, fed by an operator whose configuration has {@link #listeners}. */
    public void startFrom(Cluster seed, String... options) throws IOException {
        startFrom(seed.kubeconfig(), "default", options);
    }

    /** With the rights of the ServiceAccount that the chart has installed for it. */
    public void startFromChart(Cluster seed, String... options) throws IOException {
        startFrom(seed.kubeconfigOf(Helm.NAMESPACE, "moongate-gateway"), Helm.NAMESPACE, options);
    }

    private void startFrom(Path kubeconfig, String namespace, String... options) throws IOException {
        var role = new ArrayList<String>();
        role.addAll(List.of("gateway", "--seed", "seed-1", "--namespace", namespace));
        role.addAll(List.of("--seed-kubeconfig", kubeconfig.toString()));
        role.addAll(List.of("--admin", "127.0.0.1:" + admin.port()));
        role.addAll(List.of(options));
        launch(role);
    }

    /** This process' ports, as keys of the configuration's {@code gateway}. */
    public String listeners() {
        return listeners("127.0.0.1");
    }

    /** On these addresses. */
    public String listeners(String... addresses) {
        String all = "[\"" + String.join("\", \"", addresses) + "\"]";
        return "listeners: {unified: {port: %1$d, addresses: %3$s}, legacy: {port: %2$d, addresses: %3$s}}"
                .formatted(unified, legacy, all);
    }

    private void launch(List<String> role) throws IOException {
        var command = new ArrayList<String>();
        if (openFiles > 0) {
            command.addAll(List.of("prlimit", "--nofile=" + openFiles));
        }
        command.addAll(wrapper);
        command.add(System.getProperty("launcher"));
        command.addAll(role);
        command.addAll(List.of("--state", state.toString()));
        var builder = new ProcessBuilder(command);
        builder.environment().put("MOONGATE_JAVA_OPTS", javaOptions);
        process = builder.redirectError(folder.resolve("err.log").toFile())
                .redirectOutput(folder.resolve("access.log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError(errors());
            }
            // The last line of the greeting: whoever reads an address from it finds it whole.
            return errors().contains("\n  limit ");
        });
    }

    public String errors() throws IOException {
        return Files.readString(folder.resolve("err.log"));
    }

    public List<String> accessLog() throws IOException {
        return Files.readAllLines(accessLogFile());
    }

    public Path accessLogFile() {
        return folder.resolve("access.log");
    }

    public Process process() {
        return process;
    }

    public InetSocketAddress address(Entrance entrance) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), entrance == Entrance.UNIFIED ? unified : legacy);
    }

    public Admin admin() {
        return admin;
    }

    public String config() throws IOException, InterruptedException {
        return admin.config();
    }

    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return admin.get(path);
    }

    public HttpResponse<String> post(String path) throws IOException, InterruptedException {
        return admin.post(path);
    }

    public double metric(String series) throws IOException, InterruptedException {
        return admin.metric(series);
    }

    public long generation() throws IOException, InterruptedException {
        Matcher matcher = Pattern.compile("\"generation\" : (\\d+)").matcher(config());
        if (!matcher.find()) {
            throw new AssertionError("no generation");
        }
        return Long.parseLong(matcher.group(1));
    }

    @Override
    public void close() throws InterruptedException {
        admin.close();
        if (process != null && process.isAlive()) {
            process.destroyForcibly().waitFor();
        }
    }
}
