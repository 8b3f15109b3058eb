package io.moongate.adoption.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.GatewayPod;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who counts as one that tells, and what an odd stream costs: itself. */
class AccessLogServiceTest {
    private final LogPeer peer = new LogPeer();

    @BeforeEach
    void listen() throws IOException {
        peer.listen(LogPeer.ORDINARY);
    }

    @AfterEach
    void end() {
        peer.close();
    }

    @ParameterizedTest
    @CsvSource({
        "router~10.0.0.1~gateway-1.istio-ingress~istio-ingress.svc.cluster.local, gateway-1.istio-ingress, 192.0.2.1, true",
        "router~10.0.0.1~gateway-1.istio-ingress~istio-ingress.svc.cluster.local, 10.0.0.1, 10.0.0.1, true",
        "router~fd00::1~gateway-1.istio-ingress~istio-ingress.svc.cluster.local, fd00:0::1, fd00:0:0::1, true",
        "router~10.0.0.1~gateway-1.istio-ingress~istio-ingress.svc.cluster.local, gateway-2.istio-ingress, 192.0.2.1, false",
        "gateway~~gateway-1.moongate-system~x, gateway-1.moongate-system, 192.0.2.1, true",
        "of no form, whatever, 127.0.0.1, true",
        "of no form, whatever, 127.0.0.2, false",
    })
    void aPodIsKnownByItsNameOrAnAddress(String node, String pod, String address, boolean tells) {
        peer.tell(node, Entrance.LEGACY);
        await().atMost(Duration.ofSeconds(20)).until(() -> peer.service().envoys() == 1);
        var expected = new GatewayPod(pod, Set.of(InetAddress.ofLiteral(address)));
        assertThat(peer.service().tells(expected, Entrance.LEGACY)).isEqualTo(tells);
        assertThat(peer.service().tells(expected, Entrance.UNIFIED))
                .as("of the other port nobody told")
                .isFalse();
    }

    @Test
    void whoHasEndedDoesNotTell() {
        var here = new GatewayPod("here", Set.of(InetAddress.ofLiteral("127.0.0.1")));
        StreamObserver<byte[]> log = peer.tell("one", Entrance.LEGACY);
        await().atMost(Duration.ofSeconds(20)).until(() -> peer.service().tells(here, Entrance.LEGACY));
        log.onCompleted();
        await().atMost(Duration.ofSeconds(20)).until(() -> !peer.service().tells(here, Entrance.LEGACY));
        assertThat(peer.service().envoys()).isZero();
    }

    /** Its observer throws for this one: gRPC calls neither onError nor onCompleted then. */
    @Test
    void whatThrowsCostsItsStreamAndTheCountsStayRight() {
        var here = new GatewayPod("here", Set.of(InetAddress.ofLiteral("127.0.0.1")));
        var answer = new LogPeer.Answer();
        StreamObserver<byte[]> log = peer.send(answer, "one", Entrance.LEGACY);
        await().atMost(Duration.ofSeconds(20)).until(() -> peer.service().tells(here, Entrance.LEGACY));
        log.onNext(new LogMessage(Optional.empty(), Optional.empty(), List.of(LogPeer.record("throws"))).bytes());
        assertThat(answer.failure()).isEqualTo(Status.Code.INTERNAL);
        assertThat(peer.service().envoys()).isZero();
        assertThat(peer.service().limits().streams()).isZero();
        assertThat(peer.service().refusing()).as("the record is missing").isPresent();
    }

    /** The stream goes on: what else it tells is right. */
    @Test
    void aRecordWithoutAClientIsNotObserved() {
        StreamObserver<byte[]> log = peer.tell("one", Entrance.LEGACY);
        var record = new LogMessage.Entry(
                "1", LogMessage.Type.ESTABLISHED, 200, Optional.empty(), Map.of("reversed-vpn", "throws"), 0, 0);
        log.onNext(new LogMessage(Optional.empty(), Optional.empty(), List.of(record)).bytes());
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(peer.service().refusing()).contains("records"));
        assertThat(peer.service().envoys()).isEqualTo(1);
    }

    @Test
    void garbageCostsItsStream() {
        byte[] deep = new byte[100_000];
        Arrays.fill(deep, (byte) 0x53);
        byte[] endsWhatHasNotBegun = {0x54};
        byte[] negativeSize = {0x0a, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f};
        byte[] longerThanAll = {0x0a, 0x7f, 0x01};
        byte[] noField = {0x00, 0x01};
        for (byte[] garbage : List.of(deep, endsWhatHasNotBegun, negativeSize, longerThanAll, noField)) {
            var answer = new LogPeer.Answer();
            peer.open(answer).onNext(garbage);
            assertThat(answer.failure()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> peer.service().limits().streams() == 0);
    }

    /** As large as may be: half a million fields that are nobody's, and as many empty records. */
    @Test
    void whatIsNotWantedIsNotKept() {
        byte[] groups = new byte[AccessLogLimits.LARGEST_MESSAGE - 100];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = (byte) (i % 2 == 0 ? 0x53 : 0x54);
        }
        byte[] emptyRecords = new byte[AccessLogLimits.LARGEST_MESSAGE - 100];
        emptyRecords[0] = 0x12;
        int length = emptyRecords.length - 4;
        emptyRecords[1] = (byte) (length | 0x80);
        emptyRecords[2] = (byte) (length >> 7 | 0x80);
        emptyRecords[3] = (byte) (length >> 14);
        for (int i = 4; i < emptyRecords.length; i += 2) {
            emptyRecords[i] = 0x0a;
        }
        var taken = new LogPeer.Answer();
        StreamObserver<byte[]> log = peer.open(taken);
        log.onNext(groups);
        log.onCompleted();
        assertThat(taken.end().join()).isEmpty();
        var refused = new LogPeer.Answer();
        peer.open(refused).onNext(emptyRecords);
        assertThat(refused.failure()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    /** Once the name was said with each message, and each time the log was over and began anew. */
    @Test
    void theSameNameAgainIsNoNews() {
        StreamObserver<byte[]> log = peer.tell("one", Entrance.LEGACY);
        await().atMost(Duration.ofSeconds(20)).until(() -> peer.service().envoys() == 1);
        log.onNext(LogPeer.hello("one", Entrance.LEGACY));
        log.onCompleted();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> peer.service().limits().streams() == 0);
        assertThat(peer.service().envoys()).isZero();
    }

    @Test
    void aStreamHasOneName() {
        var answer = new LogPeer.Answer();
        StreamObserver<byte[]> log = peer.send(answer, "one", Entrance.LEGACY);
        log.onNext(LogPeer.hello("two", Entrance.LEGACY));
        assertThat(answer.failure()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        log.onNext(LogPeer.hello("three", Entrance.LEGACY));
        await().atMost(Duration.ofSeconds(20)).until(() -> peer.service().envoys() == 0);
        assertThat(peer.service().refusing()).isPresent();
    }

    @Test
    void aLogOfAnotherNameEnds() {
        var answer = new LogPeer.Answer();
        peer.open(answer).onNext(new LogMessage(Optional.of("one"), Optional.of("another"), List.of()).bytes());
        assertThat(answer.failure()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> peer.service().limits().streams() == 0);
        assertThat(peer.service().refusing()).as("its records are not ours").isEmpty();
    }
}
