package io.moongate.adoption.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.Use;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TallyTest {
    private final Formats formats = Formats.usual(new Ports(Map.of(), Optional.empty()));
    private Tally tally = new Tally(List.of(SampleLines.shoot("one", "shoot--foo--one", "s")));

    @Test
    void theSameLineTwiceCountsOnceInAnyOrder() {
        var lines = new ArrayList<String>();
        for (int i = 0; i < 20_000; i++) {
            String start =
                    Instant.parse("2026-08-01T00:00:00Z").plusSeconds(i * 17L).toString();
            lines.add(SampleLines.istio(start, 8132, SampleLines.VPN, "id-" + i, i));
        }
        lines.forEach(this::take);
        List<Use> once = tally.uses();
        assertThat(once).singleElement().satisfies(use -> {
            assertThat(use.setUps()).isEqualTo(20_000);
            assertThat(use.bytesIn()).isEqualTo(20_000 * 1200);
            assertThat(use.lastSetUp())
                    .contains(Instant.parse("2026-08-01T00:00:00Z").plusSeconds(19_999 * 17L));
            assertThat(use.lastSeen().orElseThrow())
                    .isEqualTo(use.lastSetUp().orElseThrow().plusMillis(19_999));
            assertThat(use.up()).isZero();
            assertThat(use.clients()).containsOnlyKeys("203.0.113.0/24");
        });
        Collections.shuffle(lines, new Random(1));
        lines.forEach(this::take);
        assertThat(tally.uses()).isEqualTo(once);
        tally = new Tally(List.of(SampleLines.shoot("one", "shoot--foo--one", "s")));
        lines.forEach(this::take);
        assertThat(tally.uses()).isEqualTo(once);
    }

    @Test
    void theSameTunnelInTextAndJsonAndWrappedCountsOnce() {
        take(SampleLines.istio(8132, SampleLines.VPN));
        take(SampleLines.istioJson(8132, SampleLines.VPN));
        take("2026-08-03T10:01:00.251234567Z stdout F " + SampleLines.istio(8132, SampleLines.VPN));
        assertThat(tally.uses()).singleElement().extracting(Use::setUps).isEqualTo(1L);
    }

    /** With flush_log_on_tunnel_successfully_established and access_log_flush_interval. */
    @Test
    void linesAtTheSetUpWhileItIsUpAndAtTheEndAreOneTunnel() {
        for (int millis : new int[] {60_000, 5, 30_000}) {
            take(SampleLines.istio(SampleLines.START, 8443, SampleLines.API, "id", millis)
                    .replace("1200 3400", millis + " " + 2 * millis));
        }
        Use use = tally.uses().getFirst();
        assertThat(use.setUps()).isEqualTo(1);
        assertThat(use.bytesIn()).isEqualTo(60_000);
        assertThat(use.bytesOut()).isEqualTo(120_000);
        assertThat(use.lastSeen()).contains(Instant.parse("2026-08-03T10:01:00.250Z"));
    }

    @Test
    void twoTunnelsOfOneMomentAreTwo() {
        take(SampleLines.istio(SampleLines.START, 8132, SampleLines.VPN, "a", 1));
        take(SampleLines.istio(SampleLines.START, 8132, SampleLines.VPN, "b", 1));
        take(SampleLines.istio(SampleLines.START, 8443, SampleLines.VPN, "b", 1));
        assertThat(tally.uses())
                .extracting(Use::entrance, Use::setUps)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Entrance.UNIFIED, 1L),
                        org.assertj.core.groups.Tuple.tuple(Entrance.LEGACY, 2L));
    }

    @Test
    void beyondTheLimitTimesStillCount() {
        tally = new Tally(List.of(SampleLines.shoot("one", "shoot--foo--one", "s")), 10);
        for (int i = 0; i < 20; i++) {
            String start = Instant.parse("2026-08-01T00:00:00Z").plusSeconds(i).toString();
            take(SampleLines.istio(start, 8132, SampleLines.VPN, "id-" + i, 0));
        }
        Use use = tally.uses().getFirst();
        assertThat(use.setUps()).isEqualTo(10);
        assertThat(use.lastSeen()).contains(Instant.parse("2026-08-01T00:00:19Z"));
        assertThat(tally.counts().uncounted()).isEqualTo(10);
        assertThat(Doubts.notes(tally)).singleElement().asString().contains("at least those shown");
    }

    @Test
    void whatIsNotOfTheLandscapeOrNotOursIsNamed() {
        take(SampleLines.istio(8132, "outbound|443||kube-apiserver.garden.svc.cluster.local"));
        take(SampleLines.istio(8132, "outbound|80||web.shop.svc.cluster.local"));
        take(SampleLines.istio(15_008, "outbound|80||web.shop.svc.cluster.local"));
        take(SampleLines.istio(18_132, SampleLines.VPN));
        take(SampleLines.moongate("legacy", ""));
        assertThat(tally.strangers()).containsExactly("garden");
        assertThat(tally.counts().elsewhere()).isEqualTo(2);
        assertThat(tally.unclear()).containsValue("18132");
        assertThat(tally.uses()).as("by the shoot's name").hasSize(1);
        assertThat(Doubts.notes(tally)).anySatisfy(note -> assertThat(note).contains("--port 18132=legacy"));
    }

    private void take(String line) {
        switch (formats.read(line)) {
            case LogLine.Tunnel tunnel -> tally.take(tunnel);
            case LogLine other -> throw new AssertionError(other + ": " + line);
        }
    }
}
