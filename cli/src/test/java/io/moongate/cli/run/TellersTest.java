package io.moongate.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.adoption.accesslog.AccessLogReporter;
import io.moongate.model.config.AccessLogServiceSettings;
import io.moongate.model.config.AccessLogTls;
import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.TunnelObserver;
import io.moongate.model.landscape.GatewayPod;
import io.moongate.model.loop.Supervisor;
import io.moongate.model.net.Addresses;
import io.moongate.model.problem.Problem;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over real gRPC, told by our own gateways' side of it. */
class TellersTest {
    private static final Instant NOW = Instant.parse("2026-03-10T00:00:00Z");
    private static final GatewayPod OLD = new GatewayPod("gateway-old.seed", Set.of());
    private static final GatewayPod NEW = new GatewayPod("gateway-new.seed", Set.of());

    private Tellers.Expected expected = Tellers.Expected.UNKNOWN;
    private Tellers tellers;
    private AccessLogReporter old;

    @BeforeEach
    void listen() throws IOException {
        var settings = new AccessLogServiceSettings(true, "127.0.0.1", 0, 1, "");
        tellers = new Tellers(settings, Optional.of(() -> expected), TunnelObserver.NONE, value -> Optional.empty());
        old = reporter(OLD);
    }

    @AfterEach
    void end() {
        old.close();
        tellers.close();
    }

    @Test
    void whoIsKnownAndTellsOfBothPortsMakesALook() {
        expect(OLD);
        awaitLook();
        assertThat(tellers.problem(NOW)).isEmpty();
    }

    /** In a rollout their number is right all the time. */
    @Test
    void oneThatTellsDoesNotStandForAnother() {
        expect(OLD);
        awaitLook();
        expect(NEW);
        assertThat(tellers.look()).isFalse();
        assertThat(tellers.silent()).extracting(Tellers.Silent::pod).containsOnly(NEW);
        try (var now = reporter(NEW)) {
            awaitLook();
        }
    }

    @Test
    void whereNoGatewayIsKnownNobodyLooks() {
        assertThat(tellers.look()).isFalse();
        expect();
        assertThat(tellers.look()).as("there is none").isFalse();
    }

    @Test
    void afterAMinutePeopleHearWhoIsSilent() {
        expect(OLD);
        awaitLook();
        expect(OLD, NEW);
        assertThat(tellers.problem(NOW)).as("it has just come").isEmpty();
        assertThat(tellers.problem(NOW.plusSeconds(60)))
                .map(Problem::message)
                .hasValueSatisfying(message -> assertThat(message)
                        .contains("gateway-new.seed (unified), gateway-new.seed (legacy) do not tell")
                        .doesNotContain("gateway-old"));
        expect(OLD);
        assertThat(tellers.problem(NOW.plusSeconds(61))).isEmpty();
        expect(OLD, NEW);
        assertThat(tellers.problem(NOW.plusSeconds(90))).as("from then on").isEmpty();
    }

    /** What a refused client would have reported is missing, also where all others report. */
    @Test
    void whileClientsAreRefusedNothingIsObserved() throws IOException {
        tellers.close();
        var settings = new AccessLogServiceSettings(true, "127.0.0.1", 0, 1, "", 3, 1000, AccessLogTls.none());
        tellers = new Tellers(settings, Optional.of(() -> expected), TunnelObserver.NONE, value -> Optional.empty());
        old.tellTo(Optional.of(Addresses.text(tellers.address())));
        expect(OLD);
        awaitLook();
        try (var second = new Socket("127.0.0.1", tellers.address().getPort());
                var third = new Socket("127.0.0.1", tellers.address().getPort());
                var fourth = new Socket("127.0.0.1", tellers.address().getPort())) {
            assertThat(fourth.getInputStream().read()).isNegative();
            assertThat(second.isConnected() && third.isConnected()).isTrue();
        }
        assertThat(tellers.look()).isFalse();
        assertThat(tellers.silent()).isEmpty();
        assertThat(tellers.problem(NOW)).isEmpty();
        assertThat(tellers.problem(NOW.plusSeconds(60)))
                .map(Problem::message)
                .hasValueSatisfying(message -> assertThat(message).contains("its limit of connections"));
    }

    /** gardenlet takes the legacy port away, and no Service leads there any more. */
    @Test
    void ofAPortThatLeadsNowhereNobodyHasToTell() {
        expected = new Tellers.Expected(
                Optional.of(Map.of(Entrance.UNIFIED, Set.of(OLD), Entrance.LEGACY, Set.of(OLD, NEW))));
        await().until(() -> tellers.silent().equals(List.of(new Tellers.Silent(NEW, Entrance.LEGACY))));
        assertThat(tellers.look()).isFalse();
        expected = new Tellers.Expected(Optional.of(Map.of(Entrance.UNIFIED, Set.of(OLD), Entrance.LEGACY, Set.of())));
        assertThat(tellers.look()).isTrue();
        expected = new Tellers.Expected(Optional.of(Map.of(Entrance.UNIFIED, Set.of(), Entrance.LEGACY, Set.of())));
        assertThat(tellers.look()).as("nobody serves").isFalse();
    }

    private void expect(GatewayPod... pods) {
        expected = new Tellers.Expected(
                Optional.of(Map.of(Entrance.UNIFIED, Set.of(pods), Entrance.LEGACY, Set.of(pods))));
    }

    private void awaitLook() {
        await().atMost(Duration.ofSeconds(20)).until(tellers::look);
    }

    private AccessLogReporter reporter(GatewayPod pod) {
        var reporter = new AccessLogReporter("gateway~~" + pod.name() + "~1", Supervisor.NONE);
        reporter.tellTo(Optional.of(Addresses.text(tellers.address())));
        return reporter;
    }
}
