package io.moongate.bench;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What is asked of a subject, and the one figure that comes out of it. More is better, except for the latency. */
enum Load {
    BULK("bulk, 4 tunnels at once, client to server, MB/s") {
        @Override
        double run(Subject subject) throws Exception {
            long start = System.nanoTime();
            List<Long> sent = each(4, () -> bulk(subject));
            return sent.stream().mapToLong(Long::longValue).sum() * 1e3 / (System.nanoTime() - start);
        }
    },
    SET_UP("tunnels set up, pinged once and closed, 16 at once, per second") {
        @Override
        double run(Subject subject) throws Exception {
            List<Long> done = each(16, () -> {
                long count = 0;
                for (long end = System.nanoTime() + ROUND.toNanos(); System.nanoTime() < end; count++) {
                    try (Socket socket = subject.open('e')) {
                        ping(socket);
                    }
                }
                return count;
            });
            return done.stream().mapToLong(Long::longValue).sum() / (double) ROUND.toSeconds();
        }
    },
    PING("pings of 64 bytes through 200 tunnels, 99th percentile in microseconds, each every 10 ms (less is better)") {
        @Override
        double run(Subject subject) throws Exception {
            List<long[]> all = each(200, () -> pings(subject));
            long[] sorted = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
            return sorted[sorted.length * 99 / 100] / 1e3;
        }
    };

    private static final Duration ROUND = Duration.ofSeconds(3);
    private static final long BULK_BYTES = 512L * 1024 * 1024;
    private static final int PINGS = 200;

    private final String title;

    Load(String title) {
        this.title = title;
    }

    abstract double run(Subject subject) throws Exception;

    String title() {
        return title;
    }

    private static long bulk(Subject subject) throws IOException {
        try (Socket socket = subject.open('s')) {
            var block = new byte[64 * 1024];
            long sent = 0;
            for (; sent < BULK_BYTES; sent += block.length) {
                socket.getOutputStream().write(block);
            }
            // Envoy does not pass a half-close on (upstream.md, 13): what was sent counts as arrived once it is
            // written.
            return sent;
        }
    }

    private static long[] pings(Subject subject) throws IOException, InterruptedException {
        try (Socket socket = subject.open('e')) {
            var took = new long[PINGS];
            for (int i = 0; i < PINGS; i++) {
                long start = System.nanoTime();
                ping(socket);
                took[i] = System.nanoTime() - start;
                Thread.sleep(10);
            }
            return took;
        }
    }

    private static void ping(Socket socket) throws IOException {
        socket.getOutputStream().write(new byte[64]);
        if (socket.getInputStream().readNBytes(64).length != 64) {
            throw new IOException("the tunnel ended");
        }
    }

    private static <T> List<T> each(int times, Callable<T> task) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> started = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                started.add(threads.submit(task));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : started) {
                results.add(future.get());
            }
            return results;
        }
    }
}
