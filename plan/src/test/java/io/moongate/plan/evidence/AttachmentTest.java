package io.moongate.plan.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.config.EvidenceSettings.Attach;
import io.moongate.model.landscape.EndpointSlice;
import io.moongate.model.landscape.EndpointSlice.Endpoint;
import io.moongate.plan.evidence.Attachment.Ask;
import io.moongate.plan.evidence.Attachment.Done;
import io.moongate.plan.evidence.Attachment.Wait;
import io.moongate.plan.evidence.Attachment.Why;
import io.moongate.plan.evidence.Attachment.Write;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttachmentTest {
    private static final String ONE = "5d9f8c7b6d";
    private static final String TWO = "74c4f9b5f8";
    private static final String THREE = "8678fb4d57";

    private Replicas replicas = Replicas.UNKNOWN;

    @Test
    void nowAsksOnceAndThenLeavesItAlone() {
        look(ready(ONE, 1), ready(ONE, 2));
        assertThat(now(Reach.NO_POD)).isEqualTo(new Ask(Reach.ALL_PODS));
        assertThat(now(Reach.ALL_PODS)).isEqualTo(new Done());
        assertThat(Attachment.wanted(Attach.Now, Reach.ALL_PODS, false, replicas, true))
                .as("the witness has another address")
                .isEqualTo(new Ask(Reach.ALL_PODS));
        assertThat(Attachment.unwanted(Reach.ALL_PODS, replicas, true)).isEqualTo(new Ask(Reach.NO_POD));
    }

    @Test
    void whereNoPortIsOpenNobodyIsAsked() {
        look(ready(ONE, 1));
        assertThat(Attachment.wanted(Attach.Now, Reach.NO_POD, false, replicas, false))
                .isEqualTo(new Write(Reach.ALL_PODS));
        assertThat(Attachment.unwanted(Reach.ALL_PODS, replicas, false)).isEqualTo(new Write(Reach.NO_POD));
    }

    @Test
    void aRolloutTakesItWithoutADrain() {
        look(ready(ONE, 1), ready(ONE, 2));
        assertThat(nextRollout(Reach.NO_POD)).isEqualTo(new Wait(Why.NEXT_ROLLOUT));
        look(ready(ONE, 1), ready(ONE, 2), starting(TWO, 1));
        assertThat(nextRollout(Reach.NO_POD)).isEqualTo(new Write(new Reach.Revision(TWO)));
        look(ready(ONE, 1), ready(ONE, 2), starting(TWO, 1));
        assertThat(nextRollout(new Reach.Revision(TWO))).isEqualTo(new Wait(Why.OLD_PODS));
        look(ending(ONE, 1), ready(ONE, 2), ready(TWO, 1), starting(TWO, 2));
        assertThat(nextRollout(new Reach.Revision(TWO))).isEqualTo(new Wait(Why.OLD_PODS));
        look(ending(ONE, 2), ready(TWO, 1), ready(TWO, 2));
        assertThat(nextRollout(new Reach.Revision(TWO)))
                .as("it may have tunnels to its end")
                .isEqualTo(new Wait(Why.OLD_PODS));
        look(ready(TWO, 1), ready(TWO, 2));
        assertThat(nextRollout(new Reach.Revision(TWO))).isEqualTo(new Write(Reach.ALL_PODS));
        assertThat(nextRollout(Reach.ALL_PODS)).isEqualTo(new Done());
    }

    @Test
    void aRolloutThatIsUndoneCostsNothingAndTheNextOneTakesIt() {
        look(ready(ONE, 1));
        look(ready(ONE, 1), starting(TWO, 1));
        look(ready(ONE, 1), ready(TWO, 1));
        look(ready(ONE, 1), ending(TWO, 1), starting(ONE, 2));
        assertThat(nextRollout(new Reach.Revision(TWO))).isEqualTo(new Wait(Why.NEXT_ROLLOUT));
        look(ready(ONE, 1), ready(ONE, 2));
        assertThat(nextRollout(new Reach.Revision(TWO))).isEqualTo(new Wait(Why.NEXT_ROLLOUT));
        look(ready(ONE, 1), starting(THREE, 1));
        assertThat(nextRollout(new Reach.Revision(TWO))).isEqualTo(new Write(new Reach.Revision(THREE)));
    }

    /** The filter stays where it is as long as pods have tunnels with it. */
    @Test
    void aRolloutInARolloutDrainsNothing() {
        look(ready(ONE, 1));
        look(ready(ONE, 1), ready(TWO, 1), starting(THREE, 1));
        assertThat(nextRollout(new Reach.Revision(TWO))).isEqualTo(new Wait(Why.OLD_PODS));
        look(ready(TWO, 1), starting(THREE, 1));
        assertThat(nextRollout(new Reach.Revision(TWO))).isEqualTo(new Write(Reach.ALL_PODS));
        look(ready(TWO, 1), ready(THREE, 1));
        assertThat(nextRollout(new Reach.Revision(TWO))).isEqualTo(new Wait(Why.OLD_PODS));
        look(ready(THREE, 1));
        assertThat(nextRollout(new Reach.Revision(TWO))).isEqualTo(new Wait(Why.NEXT_ROLLOUT));
    }

    /** Its pods never were Ready: that they end is no reason to wait. */
    @Test
    void aRolloutThatReplacesOneThatFailedTakesIt() {
        look(ready(ONE, 1));
        look(ready(ONE, 1), starting(TWO, 1));
        look(ready(ONE, 1), starting(TWO, 1), starting(THREE, 1));
        assertThat(nextRollout(new Reach.Revision(TWO)))
                .as("not to and fro between the two")
                .isEqualTo(new Wait(Why.OLD_PODS));
        assertThat(nextRollout(new Reach.Revision(THREE))).isEqualTo(new Wait(Why.OLD_PODS));
        look(ready(ONE, 1), ending(TWO, 1), starting(THREE, 1));
        assertThat(nextRollout(new Reach.Revision(TWO))).isEqualTo(new Write(new Reach.Revision(THREE)));
        assertThat(nextRollout(new Reach.Revision(THREE))).isEqualTo(new Wait(Why.OLD_PODS));
    }

    @Test
    void podsThatServeAlreadyAreToldOfAndLeftAlone() {
        look(ready(ONE, 1));
        look(ready(ONE, 1), ready(TWO, 1));
        assertThat(nextRollout(Reach.NO_POD)).isEqualTo(new Wait(Why.MISSED));
        look(ready(ONE, 1), ready(TWO, 1), starting(TWO, 2));
        assertThat(nextRollout(Reach.NO_POD)).isEqualTo(new Wait(Why.MISSED));
    }

    /** Readiness goes when a node is cut off from the API server; the tunnels do not. */
    @Test
    void podsThatAreNotReadyAnyMoreMayHaveTunnels() {
        look(ready(ONE, 1));
        look(starting(ONE, 1));
        assertThat(nextRollout(Reach.NO_POD)).isEqualTo(new Wait(Why.NEXT_ROLLOUT));
        replicas = Replicas.UNKNOWN;
        look(starting(ONE, 1));
        assertThat(nextRollout(Reach.NO_POD)).as("after a restart").isEqualTo(new Wait(Why.NEXT_ROLLOUT));
        look();
        assertThat(nextRollout(Reach.NO_POD)).isEqualTo(new Wait(Why.NEXT_ROLLOUT));
        look(starting(ONE, 2));
        assertThat(nextRollout(Reach.NO_POD)).as("a new gateway").isEqualTo(new Write(Reach.ALL_PODS));
    }

    @Test
    void anOperatorThatStartsInARolloutKnowsTheNewPodsByTheOldOnes() {
        look(ready(ONE, 1), ending(ONE, 2), starting(TWO, 1));
        assertThat(nextRollout(Reach.NO_POD)).isEqualTo(new Write(new Reach.Revision(TWO)));
        replicas = Replicas.UNKNOWN;
        look(ending(ONE, 1), ready(TWO, 1));
        assertThat(nextRollout(Reach.NO_POD))
                .as("not those that are ending: they may have tunnels")
                .isEqualTo(new Wait(Why.MISSED));
    }

    @Test
    void whatIsThereAndNotAsWantedIsAskedFor() {
        look(ready(ONE, 1), ready(TWO, 1));
        assertThat(Attachment.wanted(Attach.NextRollout, new Reach.Revision(TWO), false, replicas, true))
                .isEqualTo(new Ask(new Reach.Revision(TWO)));
        assertThat(Attachment.wanted(Attach.NextRollout, Reach.ALL_PODS, false, replicas, true))
                .isEqualTo(new Ask(Reach.ALL_PODS));
    }

    @Test
    void podsWithoutARevisionWaitForNoRollout() {
        look(endpoint("istio-ingressgateway-x7k2p", true, false));
        assertThat(nextRollout(Reach.NO_POD)).isEqualTo(new Wait(Why.NO_REVISION));
        assertThat(now(Reach.NO_POD)).isEqualTo(new Ask(Reach.ALL_PODS));
    }

    @Test
    void aRevisionIsReadFromTheNamesOfADeploymentsPodsAlone() {
        assertThat(Replica.revisionIn("istio-ingressgateway-5d9f8c7b6d-x7k2p")).contains(ONE);
        assertThat(Replica.revisionIn("istio-ingressgateway-0")).isEmpty();
        assertThat(Replica.revisionIn("istio-ingressgateway-x7k2p")).isEmpty();
        String cut = "a".repeat(47) + "-5d9f8c7b6d".substring(0, 10) + "-x7k2p";
        assertThat(cut).hasSize(63);
        assertThat(Replica.revisionIn(cut))
                .as("as long as a name may be: the hash may be cut")
                .isEmpty();
    }

    private Attachment nextRollout(Reach now) {
        return Attachment.wanted(Attach.NextRollout, now, !now.equals(Reach.NO_POD), replicas, true);
    }

    private Attachment now(Reach now) {
        return Attachment.wanted(Attach.Now, now, !now.equals(Reach.NO_POD), replicas, true);
    }

    private void look(Endpoint... endpoints) {
        // With two address families each pod is in two slices.
        var four = new EndpointSlice("istio-ingress", "four", "istio-ingressgateway", List.of(endpoints), List.of());
        var six = new EndpointSlice(
                "istio-ingress",
                "six",
                "istio-ingressgateway",
                Arrays.stream(endpoints)
                        .map(e -> new Endpoint(List.of("::1"), e.ready(), e.serving(), e.terminating(), e.pod()))
                        .toList(),
                List.of());
        replicas = replicas.next(List.of(four, six));
    }

    private static Endpoint ready(String revision, int number) {
        return endpoint(name(revision, number), true, false);
    }

    private static Endpoint starting(String revision, int number) {
        return endpoint(name(revision, number), false, false);
    }

    private static Endpoint ending(String revision, int number) {
        return endpoint(name(revision, number), false, true);
    }

    private static String name(String revision, int number) {
        return "istio-ingressgateway-" + revision + "-bcdf" + (number + 3);
    }

    private static Endpoint endpoint(String pod, boolean ready, boolean terminating) {
        return new Endpoint(List.of("127.0.0.1"), ready, ready, terminating, Optional.of(pod));
    }
}
