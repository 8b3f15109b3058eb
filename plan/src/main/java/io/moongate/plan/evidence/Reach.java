package io.moongate.plan.evidence;

/** The pods of a gateway to which a filter applies. */
public sealed interface Reach {
    Reach NO_POD = new NoPod();
    Reach ALL_PODS = new AllPods();

    boolean has(Replica pod);

    /** The filter does not exist. */
    record NoPod() implements Reach {
        @Override
        public boolean has(Replica pod) {
            return false;
        }
    }

    /** @param hash the pods' label {@code pod-template-hash} */
    record Revision(String hash) implements Reach {
        @Override
        public boolean has(Replica pod) {
            return pod.revision().filter(hash::equals).isPresent();
        }
    }

    record AllPods() implements Reach {
        @Override
        public boolean has(Replica pod) {
            return true;
        }
    }
}
