package io.moongate.plan.evidence;

import io.moongate.model.config.EvidenceSettings.Attach;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done about a gateway's filter. A filter that comes, changes or goes drains each pod to which it applies
 * before or after; a filter that only stops or begins to name a revision drains the pods for which that makes a
 * difference. So whatever reaches no pod with tunnels is done at once, and for the rest a person is asked, or the next
 * rollout is waited for.
 */
public sealed interface Attachment {
    /** All is as it should be. */
    record Done() implements Attachment {}

    /** To be written: no tunnel notices. */
    record Write(Reach reach) implements Attachment {}

    /** To be written when a person agrees: it drains tunnels. */
    record Ask(Reach reach) implements Attachment {}

    /** Nothing can be done now without a drain. */
    record Wait(Why why) implements Attachment {}

    /** What is waited for. */
    enum Why {
        /** The gateway's next rollout. */
        NEXT_ROLLOUT,
        /** The newest pods have the filter; the others are to end. */
        OLD_PODS,
        /** The next rollout: it is rolled now, and pods of each revision have tunnels already. */
        MISSED,
        /** For ever: the pods' names show no revision, so no rollout would be seen. */
        NO_REVISION
    }

    /**
     * The filter is wanted.
     *
     * @param now to which pods it applies now
     * @param asWanted whether it does what it should there
     * @param open whether clients can reach one of the ports: otherwise there are no tunnels
     */
    static Attachment wanted(Attach attach, Reach now, boolean asWanted, Replicas replicas, boolean open) {
        if (asWanted && now.equals(Reach.ALL_PODS)) {
            return new Done();
        }
        Optional<Reach> free = choices(attach, now, replicas).stream()
                .filter(next -> !open || !drains(now, asWanted, next, replicas))
                .findFirst();
        if (free.isPresent()) {
            return asWanted && free.get().equals(now) ? new Wait(Why.OLD_PODS) : new Write(free.get());
        }
        if (attach == Attach.Now) {
            return new Ask(Reach.ALL_PODS);
        }
        if (!asWanted && !now.equals(Reach.NO_POD)) {
            return new Ask(now);
        }
        if (replicas.pods().stream().anyMatch(pod -> pod.revision().isEmpty())) {
            return new Wait(Why.NO_REVISION);
        }
        boolean used = replicas.pods().stream().anyMatch(now::has);
        return new Wait(replicas.rolling() && !used ? Why.MISSED : Why.NEXT_ROLLOUT);
    }

    /** The best first; what is there before what would be as good. */
    private static List<Reach> choices(Attach attach, Reach now, Replicas replicas) {
        var choices = new ArrayList<Reach>(List.of(Reach.ALL_PODS));
        if (attach == Attach.NextRollout) {
            List<Reach> revisions = replicas.revisions().stream()
                    .<Reach>map(Reach.Revision::new)
                    .toList();
            revisions.stream().filter(now::equals).forEach(choices::add);
            revisions.stream().filter(revision -> !now.equals(revision)).forEach(choices::add);
        }
        return choices;
    }

    /** The filter is there, and not wanted any more. */
    static Attachment unwanted(Reach now, Replicas replicas, boolean open) {
        return open && drains(now, false, Reach.NO_POD, replicas) ? new Ask(Reach.NO_POD) : new Write(Reach.NO_POD);
    }

    /** Whether there are pods with tunnels for which this makes a difference; where no pod is known, there may be. */
    private static boolean drains(Reach now, boolean asWanted, Reach next, Replicas replicas) {
        return replicas.pods().isEmpty()
                || replicas.pods().stream()
                        .filter(Replica::mayServe)
                        .anyMatch(pod -> asWanted ? now.has(pod) != next.has(pod) : now.has(pod) || next.has(pod));
    }
}
