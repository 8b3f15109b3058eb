package io.moongate.conformance.lab;

import io.moongate.dataplane.testing.Client;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Tunnels to an echo, each pinged twice a second until the end: whoever touches one of them is found out. */
public final class Pings {
    private static final long PAUSE_NANOS = 500_000_000;

    private final AtomicLong count = new AtomicLong();
    private final Queue<String> broken = new ConcurrentLinkedQueue<>();
    private final CountDownLatch done;
    private volatile boolean over;

    public Pings(List<Client> tunnels) {
        done = new CountDownLatch(tunnels.size());
        tunnels.forEach(client -> Thread.ofVirtual().start(() -> ping(client)));
    }

    private void ping(Client client) {
        try (client) {
            for (long n = 0; !over; n++) {
                String ping = "%08d".formatted(n);
                client.send(ping);
                String answer = client.read(8);
                if (!answer.equals(ping)) {
                    broken.add("sent " + ping + ", got " + answer);
                    return;
                }
                count.incrementAndGet();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (IOException e) {
            broken.add(e.toString());
        } finally {
            done.countDown();
        }
    }

    public long count() {
        return count.get();
    }

    /** Ends them; gives what broke or lost a byte until then. */
    public List<String> end() throws InterruptedException {
        over = true;
        done.await();
        return List.copyOf(broken);
    }
}
