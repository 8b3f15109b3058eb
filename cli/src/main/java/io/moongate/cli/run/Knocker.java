package io.moongate.cli.run;

import io.moongate.model.destination.Entrance;
import io.moongate.model.loop.Supervisor;
import io.moongate.model.loop.Supervisor.WhenStuck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * An Envoy tells nothing before it has something to tell: one that nobody uses would count as one that does not look, for
 * ever. So while some do not tell, each is asked for a tunnel that it has to refuse. That it then tells of it shows, too,
 * that it would have told of a real one.
 */
final class Knocker implements AutoCloseable {
    private static final int EVERY_SECONDS = 15;
    private static final int TIMEOUT_MILLIS = 2000;
    private static final Duration LONGEST_TURN = Duration.ofMinutes(1);
    /** Of the answer this is enough: it is a refusal. */
    private static final int ANSWER_BYTES = 256;

    private final Supervisor.Loop loop;
    private final Supplier<List<Tellers.Silent>> silent;
    private final Function<Entrance, Optional<Integer>> ports;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("knocker").daemon().factory());

    /**
     * @param silent who does not tell
     * @param ports where it can be asked
     */
    Knocker(Supplier<List<Tellers.Silent>> silent, Function<Entrance, Optional<Integer>> ports, Supervisor supervisor) {
        this.loop = supervisor.begin("probe", LONGEST_TURN, WhenStuck.PROBLEM);
        this.silent = silent;
        this.ports = ports;
    }

    void start() {
        thread.scheduleWithFixedDelay(loop.guard(this::knock), 1, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    private void knock() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Tellers.Silent log : silent.get()) {
                // One address is enough: they lead to the same pod.
                Optional<InetAddress> address = log.pod().addresses().stream().findFirst();
                Optional<Integer> port = ports.apply(log.entrance());
                if (address.isPresent() && port.isPresent()) {
                    threads.execute(() -> knock(address.get(), log.entrance(), port.get()));
                }
            }
        }
    }

    private static void knock(InetAddress pod, Entrance entrance, int port) {
        try (var socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(pod, port), TIMEOUT_MILLIS);
            String request = "CONNECT moongate-witness:1 HTTP/1.1\r\nHost: moongate-witness\r\n" + entrance.header()
                    + ": moongate-witness\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readNBytes(ANSWER_BYTES);
        } catch (IOException e) {
            // It does not tell, then: that is seen, and said, elsewhere.
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        loop.ended();
    }
}
