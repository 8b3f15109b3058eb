package io.moongate.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.TestGateway;
import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.TunnelObserver;
import io.moongate.model.loop.Supervisor;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Each event loop shows that it turns, and one that hangs shows that it does not. */
class EventLoopsTest {
    private static final String A = "shoot--test--a";

    private final CountDownLatch hanging = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final Map<String, AtomicInteger> turns = new ConcurrentHashMap<>();

    private void hangAtHead(Steps.Step step) {
        if (step == Steps.Step.HEAD) {
            hanging.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final class Counting implements Supervisor {
        @Override
        public Loop begin(String name, Duration longestTurn, WhenStuck whenStuck) {
            assertThat(whenStuck).isEqualTo(WhenStuck.NOT_LIVE);
            var count = new AtomicInteger();
            turns.put(name, count);
            return new Loop() {
                @Override
                public void turned() {
                    count.incrementAndGet();
                }

                @Override
                public void failed(Throwable cause) {}

                @Override
                public void ended() {}
            };
        }
    }

    @Test
    void aLoopThatHangsDoesNotTurn() throws Exception {
        var plan = new Plans().route(A, 1).build();
        try (var gateway = new TestGateway(
                        plan,
                        Optional.empty(),
                        TunnelObserver.NONE,
                        options -> Gateway.start(plan, options, this::hangAtHead));
                var client = new Client(gateway.address(Entrance.UNIFIED))) {
            gateway.gateway().watch(new Counting());
            await().until(() -> turns.values().stream().allMatch(count -> count.get() >= 2));
            client.send(Client.connect(Entrance.UNIFIED, Plans.apiServer(A)));
            hanging.await();
            Map<String, Integer> before = new ConcurrentHashMap<>();
            turns.forEach((name, count) -> before.put(name, count.get()));
            await().until(() -> turnedSince(before, 2) == turns.size() - 1);
            assertThat(turnedSince(before, 1))
                    .as("those that have turned at all")
                    .isEqualTo(turns.size() - 1);
            release.countDown();
            await().until(() -> turnedSince(before, 1) == turns.size());
        } finally {
            release.countDown();
        }
    }

    /** How many have turned at least so often since. */
    private long turnedSince(Map<String, Integer> before, int times) {
        return turns.entrySet().stream()
                .filter(e -> e.getValue().get() - before.getOrDefault(e.getKey(), 0) >= times)
                .count();
    }
}
