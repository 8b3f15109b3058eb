package io.moongate.adoption.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.TunnelObserver;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.loop.Supervisor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One side of our own tells the other, over real gRPC. */
class AccessLogReporterTest {
    private static final ShootKey SHOOT = new ShootKey("garden-a", "one");
    private static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.7");

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final Map<ShootKey, TunnelObserver.Traffic> traffic = new ConcurrentHashMap<>();
    private final AccessLogReporter reporter = new AccessLogReporter("gateway-1", Supervisor.NONE);
    private AccessLogService service;

    @BeforeEach
    void listen() throws IOException {
        service = listen(0);
        reporter.tellTo(Optional.of("127.0.0.1:" + service.address().getPort()));
    }

    @AfterEach
    void end() {
        reporter.close();
        service.close();
    }

    /** On a port that the system gives to no client meanwhile, the reporter itself above all. */
    private AccessLogService listenAgainLater() throws IOException {
        for (int port = 20_000; ; port++) {
            try {
                return listen(port);
            } catch (IOException e) {
                if (port == 20_100) {
                    throw e;
                }
            }
        }
    }

    private AccessLogService listen(int port) throws IOException {
        var observer = new TunnelObserver() {
            @Override
            public Seen established(ShootKey shoot, Entrance entrance, InetAddress client, Traffic carried) {
                return hear("established", shoot, entrance, client, carried);
            }

            @Override
            public Seen goesOn(ShootKey shoot, Entrance entrance, InetAddress client, Traffic carried) {
                return hear("goes on", shoot, entrance, client, carried);
            }

            private Seen hear(String what, ShootKey shoot, Entrance entrance, InetAddress client, Traffic carried) {
                String tunnel = shoot + " " + entrance.label() + " " + client.getHostAddress();
                heard.add(what + " " + tunnel);
                traffic.put(shoot, carried);
                return () -> heard.add("ended " + tunnel);
            }
        };
        return new AccessLogService(
                new InetSocketAddress("127.0.0.1", port),
                observer,
                value -> value.equals(SHOOT.toString()) ? Optional.of(SHOOT) : Optional.empty());
    }

    /** What a tunnel has carried. */
    private record Carried(AtomicLong in, AtomicLong out) implements TunnelObserver.Traffic {
        @Override
        public long bytesIn() {
            return in.get();
        }

        @Override
        public long bytesOut() {
            return out.get();
        }
    }

    @Test
    void whoServesNothingLooksAllTheSame() {
        await().atMost(Duration.ofSeconds(20)).until(() -> service.envoys() == 1);
    }

    @Test
    void aTunnelIsToldFromItsSetUpToItsEnd() {
        var carried = new Carried(new AtomicLong(10), new AtomicLong(20));
        TunnelObserver.Seen seen = reporter.established(SHOOT, Entrance.LEGACY, CLIENT, carried);
        heard("established garden-a/one legacy 192.0.2.7");
        carried.in().set(70);
        seen.ended();
        heard("ended garden-a/one legacy 192.0.2.7");
        assertThat(traffic.get(SHOOT).bytesIn()).isEqualTo(70);
        assertThat(heard).hasSize(2);
    }

    @Test
    void oneThatIsOverBeforeItIsToldIsToldWhole() {
        await().atMost(Duration.ofSeconds(20)).until(() -> service.envoys() == 1);
        reporter.established(SHOOT, Entrance.UNIFIED, CLIENT, new Carried(new AtomicLong(), new AtomicLong()))
                .ended();
        heard("ended garden-a/one unified 192.0.2.7");
        assertThat(heard)
                .containsExactly("established garden-a/one unified 192.0.2.7", "ended garden-a/one unified 192.0.2.7");
    }

    @Test
    void whoHearsAgainAfterARestartIsToldWhatGoesOn() throws IOException {
        service.close();
        service = listenAgainLater();
        reporter.tellTo(Optional.of("127.0.0.1:" + service.address().getPort()));
        reporter.established(SHOOT, Entrance.LEGACY, CLIENT, new Carried(new AtomicLong(5), new AtomicLong(5)));
        heard("established garden-a/one legacy 192.0.2.7");
        int port = service.address().getPort();
        service.close();
        heard.clear();
        service = listen(port);
        heard("goes on garden-a/one legacy 192.0.2.7");
        assertThat(traffic.get(SHOOT).bytesIn()).as("since then").isZero();
        assertThat(heard).hasSize(1);
    }

    private void heard(String what) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(heard).contains(what));
    }
}
