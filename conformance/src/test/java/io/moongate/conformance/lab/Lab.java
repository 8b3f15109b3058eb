package io.moongate.conformance.lab;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two hosts of our own, seed and shoot, as network namespaces joined by a veth pair: 10.99.0.1 and 10.99.0.2. All that
 * was started ends with it.
 */
public final class Lab implements AutoCloseable {
    public static final String SEED_IP = "10.99.0.1";
    public static final String SHOOT_IP = "10.99.0.2";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Path folder;
    private final String prefix = "mg" + ProcessHandle.current().pid() % 100_000 + "-" + COUNT.incrementAndGet();
    private final Deque<Process> processes = new ArrayDeque<>();
    private final List<String> hosts = new ArrayList<>();

    public Lab(Path folder) throws IOException {
        this.folder = folder;
        add(seed());
        add(shoot());
        join(seed(), "v0", shoot(), "v0");
        address(seed(), "v0", SEED_IP + "/24");
        address(shoot(), "v0", SHOOT_IP + "/24");
    }

    private void add(String host) throws IOException {
        run("ip", "netns", "add", host);
        hosts.add(host);
        run("ip", "-n", host, "link", "set", "lo", "up");
    }

    private static void join(String one, String device, String other, String otherDevice) throws IOException {
        run("ip", "link", "add", device, "netns", one, "type", "veth", "peer", "name", otherDevice, "netns", other);
        run("ip", "-n", one, "link", "set", device, "up");
        run("ip", "-n", other, "link", "set", otherDevice, "up");
    }

    /** A further host, whose {@code eth0} leads to a device of the same name as itself on another host. */
    public String host(String name, String neighbour) throws IOException {
        String host = nameOf(name);
        add(host);
        join(neighbour, name, host, "eth0");
        return host;
    }

    public String nameOf(String host) {
        return prefix + host;
    }

    /** Gives a device an address, of either family, that can be used at once. */
    public void address(String host, String device, String address) throws IOException {
        var command = new ArrayList<>(List.of("ip", "-n", host, "addr", "add", address, "dev", device));
        if (address.indexOf(':') >= 0) {
            command.add("nodad");
        }
        run(command.toArray(String[]::new));
    }

    public String seed() {
        return prefix + "s";
    }

    public String shoot() {
        return prefix + "c";
    }

    public Path folder() {
        return folder;
    }

    /** What became of a command. */
    public record Ended(int exit, String output) {}

    /** Runs a command to its end, however that is. */
    public static Ended ended(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        return new Ended(process.waitFor(), output);
    }

    /** Runs a command to its end and gives its standard output; throws if it fails, with what it said. */
    public static String run(String... command) throws IOException {
        Path errors = Files.createTempFile("moongate-lab", ".err");
        try {
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            String output = new String(process.getInputStream().readAllBytes());
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + output + Files.readString(errors));
            }
            return output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            Files.delete(errors);
        }
    }

    public String in(String host, String... command) throws IOException {
        return run(inside(host, command).toArray(String[]::new));
    }

    public boolean succeeds(String host, String... command) {
        try {
            in(host, command);
            return true;
        } catch (IOException failed) {
            return false;
        }
    }

    /** Starts a process on a host; its output goes to {@code name.log}. */
    public Process start(String host, String name, String... command) throws IOException {
        Process process = new ProcessBuilder(inside(host, command))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
        processes.push(process);
        return process;
    }

    /** {@code moongate run} on the seed, up when this returns; its log is {@code gateway.log}. */
    public void gateway(Path landscape, Path output) throws IOException {
        start(
                seed(),
                "gateway",
                System.getProperty("launcher"),
                "run",
                "--landscape",
                landscape.toString(),
                "--output",
                output.toString(),
                "--state",
                folder.resolve("state").toString());
        awaitLog("gateway", "moongate is running");
    }

    public String log(String name) {
        try {
            return Files.readString(folder.resolve(name + ".log"));
        } catch (IOException e) {
            return "";
        }
    }

    public void awaitLog(String name, String text) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .conditionEvaluationListener(c -> {})
                .until(() -> {
                    if (log(name).contains(text)) {
                        return true;
                    }
                    if (!log(name).isEmpty() && processes.stream().noneMatch(Process::isAlive)) {
                        throw new AssertionError(name + " ended: " + log(name));
                    }
                    return false;
                });
    }

    private static List<String> inside(String host, String... command) {
        var all = new ArrayList<>(List.of("ip", "netns", "exec", host));
        all.addAll(List.of(command));
        return all;
    }

    /** Ends one process and what it started, and waits for it. */
    public static void end(Process process) throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (Process process : processes) {
            end(process);
        }
        for (String host : hosts) {
            run("ip", "netns", "del", host);
        }
    }
}
