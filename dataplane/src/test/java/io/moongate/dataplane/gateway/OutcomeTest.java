package io.moongate.dataplane.gateway;

import static io.moongate.dataplane.testing.RawHttp2.HEADERS;
import static io.moongate.dataplane.testing.RawHttp2.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.dataplane.gateway.Steps.Step;
import io.moongate.dataplane.record.Defects;
import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Http2Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.RawHttp2;
import io.moongate.dataplane.testing.TestGateway;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.config.GatewaySettings.Limits;
import io.moongate.model.config.TunnelLimit;
import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.TunnelObserver;
import io.moongate.model.net.HostPort;
import io.moongate.model.plan.Upstreams;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every connection has one outcome, whatever throws between accept and relay. */
class OutcomeTest {
    private static final String A = "shoot--test--a";
    private static final int WARM_UP = 8;
    private static final int ROUNDS = 40;
    private static final String VALUE = Plans.apiServer(A);

    private final Upstream upstream = Upstream.echo();
    private final AtomicReference<Step> armed = new AtomicReference<>();
    private final AtomicReference<Throwable> thrown = new AtomicReference<>(new IllegalStateException("a test"));
    private TestGateway gateway = gateway(new Plans().route(A, upstream.port()), TunnelObserver.NONE);

    @AfterEach
    void close() throws IOException {
        gateway.close();
        upstream.close();
    }

    private TestGateway gateway(Plans plans, TunnelObserver observer) {
        var plan = plans.build();
        return new TestGateway(
                plan, Optional.empty(), observer, options -> Gateway.start(plan, options, this::throwAtArmed));
    }

    private void throwAtArmed(Step step) {
        if (armed.compareAndSet(step, null)) {
            OutcomeTest.<RuntimeException>sneak(thrown.get());
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable any) throws T {
        throw (T) any;
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SWEEP")
    void http1(Step step) throws Exception {
        oneOutcome(step);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SWEEP")
    void http1AfterAnError(Step step) throws Exception {
        thrown.set(new StackOverflowError());
        oneOutcome(step);
    }

    private void oneOutcome(Step step) throws Exception {
        armed.set(step);
        try (var client = new Client(gateway.address(Entrance.UNIFIED))) {
            client.send(Client.connect(Entrance.UNIFIED, VALUE) + "early");
            if (step == Step.RELAY) {
                assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
                org.junit.jupiter.api.Assertions.assertThrows(IOException.class, client::readAll);
            } else {
                assertThat(client.readAll()).startsWith("HTTP/1.1 503 ");
            }
        }
        assertThat(armed.get()).as("step not passed").isNull();
        assertThat(gateway.line(1).get("flag")).isEqualTo("InternalError");
        assertThat(gateway.line(1).get("status")).isEqualTo(step == Step.RELAY ? "200" : "503");
        nothingIsLeft();
        theNextIsServed();
        assertThat(gateway.line(2).get("flag")).isEqualTo("Completed");
        assertThat(gateway.lines()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SWEEP")
    void http2AndTheOtherStreamsGoOn(Step step) throws Exception {
        try (var client = new RawHttp2(gateway.address(Entrance.UNIFIED)).reading()) {
            client.send(RawHttp2.connect(1, 0, "x-gardener-destination", VALUE));
            assertThat(client.awaitAnswer(1)).isEqualTo(HEADERS);
            Socket other = upstream.next();
            client.send(RawHttp2.frame(RawHttp2.DATA, 0, 1, new byte[1]));
            await().until(() -> client.data() == 1);
            armed.set(step);
            client.send(RawHttp2.connect(3, 0, "x-gardener-destination", VALUE));
            if (step == Step.ACTIVE || step == Step.READ) {
                assertThat(client.awaitAnswer(3)).isEqualTo(RST_STREAM);
            } else {
                assertThat(client.awaitAnswer(3)).isEqualTo(HEADERS);
            }
            await("the step is passed").until(() -> armed.get() == null);
            assertThat(gateway.line(1).get("flag")).isEqualTo("InternalError");
            assertThat(gateway.line(1).get("protocol")).isEqualTo("HTTP/2");
            await().until(() -> gateway.gateway().tunnels() == 1);
            assertThat(gateway.gateway().openTunnels()).hasSize(1);
            assertThat(other.isClosed()).isFalse();
            assertThat(client.isOver()).isFalse();
        }
        assertThat(gateway.line(2).get("flag")).isEqualTo("ClientReset");
        nothingIsLeft();
        theNextIsServed();
        assertThat(gateway.lines()).hasSize(3);
    }

    private void nothingIsLeft() {
        await().untilAsserted(() -> {
            assertThat(gateway.gateway().waiting()).isZero();
            assertThat(gateway.gateway().tunnels()).isZero();
            assertThat(gateway.gateway().openTunnels()).isEmpty();
            assertThat(gateway.metrics().of(Entrance.UNIFIED).active().get()).isZero();
            assertThat(upstream.open()).isZero();
        });
    }

    private void theNextIsServed() throws IOException {
        try (var next = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE)) {
            next.send("next");
            assertThat(next.read(4)).isEqualTo("next");
            next.finish();
            assertThat(next.readAll()).isEmpty();
        }
        nothingIsLeft();
    }

    /** Buffers are given back, too: as many failures as you like leave none. */
    @Test
    void failuresKeepNoBuffers() throws Exception {
        failEverywhere(WARM_UP);
        long before = activeBuffers();
        failEverywhere(ROUNDS);
        nothingIsLeft();
        // Each event loop keeps some buffers for itself. A leak would show once a round.
        await().untilAsserted(() -> assertThat(activeBuffers() - before).isLessThan(ROUNDS));
    }

    private void failEverywhere(int rounds) throws IOException {
        for (int i = 0; i < rounds * Step.SWEEP.ordinal(); i++) {
            Step step = Step.values()[i % Step.SWEEP.ordinal()];
            armed.set(step);
            try (var client = new Client(gateway.address(Entrance.UNIFIED))) {
                client.send(Client.connect(Entrance.UNIFIED, VALUE) + "early");
                client.readHead();
            }
        }
    }

    private static long activeBuffers() {
        return PooledByteBufAllocator.DEFAULT.metric().directArenas().stream()
                .mapToLong(arena -> arena.numActiveAllocations())
                .sum();
    }

    @Test
    void anObserverThatThrows() throws Exception {
        gateway.close();
        gateway = gateway(new Plans().route(A, upstream.port()), (shoot, entrance, client, traffic) -> {
            throw new IllegalStateException("a test");
        });
        try (var client = new Client(gateway.address(Entrance.UNIFIED))) {
            client.send(Client.connect(Entrance.UNIFIED, VALUE));
            assertThat(client.readAll()).startsWith("HTTP/1.1 503 ");
        }
        assertThat(gateway.line(1).get("flag")).isEqualTo("InternalError");
        nothingIsLeft();
    }

    @Test
    void anObserverThatThrowsAtTheEnd() throws Exception {
        gateway.close();
        gateway = gateway(new Plans().route(A, upstream.port()), (shoot, entrance, client, traffic) -> () -> {
            throw new IllegalStateException("a test");
        });
        theNextIsServed();
        assertThat(gateway.line(1).get("flag")).isEqualTo("Completed");
    }

    @Test
    void anEndpointThatIsNoAddress() throws Exception {
        gateway.close();
        gateway = gateway(
                new Plans()
                        .route(A, new Upstreams.Endpoints(List.of(new HostPort("localhost", upstream.port()))))
                        .route(
                                "shoot--test--b",
                                new Upstreams.Endpoints(List.of(
                                        new HostPort("localhost", upstream.port()),
                                        new HostPort("127.0.0.1", upstream.port())))),
                TunnelObserver.NONE);
        try (var client = new Client(gateway.address(Entrance.UNIFIED))) {
            client.send(Client.connect(Entrance.UNIFIED, VALUE));
            assertThat(client.readAll()).startsWith("HTTP/1.1 503 ");
        }
        assertThat(gateway.line(1).get("flag")).isEqualTo("InternalError");
        try (var client = new Http2Client(gateway.address(Entrance.UNIFIED))) {
            assertThat(client.connect(Entrance.UNIFIED, VALUE).status()).isEqualTo("503");
        }
        try (var client = new Http2Client(gateway.address(Entrance.UNIFIED))) {
            assertThat(client.connect(Entrance.UNIFIED, Plans.apiServer("shoot--test--b"))
                            .status())
                    .isEqualTo("200");
        }
    }

    /** A client that resets its connection, whenever it does, is no defect and leaves nothing. */
    @Test
    void resetsInEveryPhase() throws Exception {
        String request = Client.connect(Entrance.UNIFIED, VALUE);
        for (int i = 0; i < 200; i++) {
            var client = new Client(gateway.address(Entrance.UNIFIED));
            switch (i % 5) {
                case 0 -> {}
                case 1 -> client.send(request.substring(0, 20));
                case 2 -> client.send(request);
                case 3 -> client.send(request + "early").readHead();
                default -> client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            }
            client.reset();
        }
        nothingIsLeft();
        theNextIsServed();
        await().until(() -> gateway.lines().stream().anyMatch(l -> l.contains("Completed")));
        assertThat(gateway.lines()).noneMatch(line -> line.contains("InternalError"));
    }

    /** A task of an event loop that throws once would never run again. */
    @Test
    void theSweepGoesOn() throws Exception {
        var plans = new Plans()
                .route(A, upstream.port())
                .limits(new Limits(
                        new TunnelLimit.Auto(),
                        0,
                        0,
                        16384,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(1500),
                        Duration.ZERO));
        gateway.close();
        gateway = gateway(plans, TunnelObserver.NONE);
        try (var idle = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE)) {
            armed.set(Step.SWEEP);
            await().until(() -> armed.get() == null);
            assertThat(idle.readAll()).isEmpty();
        }
        assertThat(gateway.line(1).get("flag")).isEqualTo("IdleTimeout");
    }

    @Test
    void onePaceGoesOnWhenOneCloseThrows() throws Exception {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            clients.add(Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE));
        }
        var calls = new AtomicInteger();
        new Pacer(GlobalEventExecutor.INSTANCE, new Defects())
                .spread(gateway.gateway().openTunnels(), Duration.ZERO, tunnel -> {
                    if (calls.incrementAndGet() == 1) {
                        throw new IllegalStateException("a test");
                    }
                })
                .get(10, TimeUnit.SECONDS);
        assertThat(calls).hasValue(3);
        for (Client client : clients) {
            client.close();
        }
    }
}
