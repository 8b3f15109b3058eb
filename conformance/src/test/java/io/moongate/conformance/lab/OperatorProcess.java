package io.moongate.conformance.lab;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code moongate operator}, or {@code moongate witness}, as its users run it, for a garden and a seed that are one
 * cluster.
 */
public final class OperatorProcess implements AutoCloseable {
    private final String role;
    private final Path folder;
    private final Cluster cluster;
    private final Admin admin = new Admin();
    private Path kubeconfig;
    private String leaseNamespace = "default";
    private String javaOptions = "";
    private List<String> options = List.of();
    private Process process;

    public OperatorProcess(Path folder, Cluster cluster) throws IOException {
        this("operator", folder, cluster);
    }

    /** The one that keeps the evidence. */
    public static OperatorProcess witness(Path folder, Cluster cluster) throws IOException {
        return new OperatorProcess("witness", folder, cluster);
    }

    private OperatorProcess(String role, Path folder, Cluster cluster) throws IOException {
        this.role = role;
        this.folder = folder;
        this.cluster = cluster;
        this.kubeconfig = cluster.kubeconfig();
        Files.createDirectories(folder.resolve("config"));
    }

    /** @param extra keys of the MoongateConfiguration */
    public void configure(String extra) throws IOException {
        configure(false, extra);
    }

    public void configure(boolean gate, String extra) throws IOException {
        configureWith(Manifests.configuration(gate, extra));
    }

    /** With what the chart has installed: its configuration and its ServiceAccount's rights. */
    public void configureFromChart() throws IOException {
        rightsFromChart();
        configureWith(cluster.kubectl(
                "get",
                "configmap",
                "-n",
                Helm.NAMESPACE,
                "moongate-configuration",
                "-o",
                "jsonpath={.data.moongate\\.yaml}"));
    }

    /** With the rights of the ServiceAccount that the chart has installed for its role. */
    public void rightsFromChart() throws IOException {
        leaseNamespace = Helm.NAMESPACE;
        kubeconfig = cluster.kubeconfigOf(Helm.NAMESPACE, "moongate-" + role);
    }

    /** @param manifest the whole MoongateConfiguration */
    public void configureWith(String manifest) throws IOException {
        Path next = Files.writeString(folder.resolve("next.yaml"), manifest);
        Files.move(
                next,
                folder.resolve("config/moongate.yaml"),
                java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    /** The folder of its configuration. */
    public Path configuration() {
        return folder.resolve("config");
    }

    /** Who it is for the API server, from the next start on. */
    public void kubeconfig(Path file) {
        kubeconfig = file;
    }

    /** For the next start. */
    public void javaOptions(String options) {
        javaOptions = options;
    }

    /** More of its command line, for the next start. */
    public void options(String... more) {
        options = List.of(more);
    }

    /**
     * {@code moongate plan --live} with its configuration, as the cluster's administrator.
     *
     * @param leaseNamespace where the operator keeps what is its own
     */
    public Lab.Ended plan(String leaseNamespace, String... more) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                System.getProperty("launcher"),
                "plan",
                configuration().toString(),
                "--live",
                "--seed",
                "seed-1",
                "--lease-namespace",
                leaseNamespace,
                "--seed-kubeconfig",
                cluster.kubeconfig().toString()));
        command.addAll(List.of(more));
        return Lab.ended(command.toArray(String[]::new));
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** Ready when this returns. */
    public void start() throws IOException {
        var command = new ArrayList<>(List.of(
                System.getProperty("launcher"),
                role,
                "--seed",
                "seed-1",
                "--config",
                folder.resolve("config").toString(),
                "--seed-kubeconfig",
                kubeconfig.toString(),
                "--admin",
                "127.0.0.1:" + admin.port(),
                role.equals("operator") ? "--lease-namespace" : "--namespace",
                leaseNamespace));
        command.addAll(options);
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("operator.log").toFile()));
        builder.environment().put("STATE_DIRECTORY", folder.resolve("state").toString());
        builder.environment().put("MOONGATE_JAVA_OPTS", javaOptions);
        process = builder.start();
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new AssertionError(log());
                    }
                    return admin.get("/readyz").statusCode() == 200;
                });
    }

    public Admin admin() {
        return admin;
    }

    public String log() throws IOException {
        return Files.readString(folder.resolve("operator.log"));
    }

    /** SIGKILL: nothing is given back, nothing is written any more. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        admin.close();
        if (process != null) {
            Lab.end(process);
        }
    }
}
