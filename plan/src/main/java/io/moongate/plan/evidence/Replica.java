package io.moongate.plan.evidence;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One pod of an ingress gateway.
 *
 * @param revision its label {@code pod-template-hash}; empty where its name does not show it
 * @param ending whether it terminates
 * @param mayServe whether it may have tunnels
 */
public record Replica(String name, Optional<String> revision, boolean ending, boolean mayServe) {
    /**
     * DEPLOYMENT-HASH-SUFFIX, in the characters that Kubernetes uses for hash and suffix. A hash is a number below 2^32:
     * one of fewer than six digits is left out, because then it is more likely that the name has another form.
     */
    private static final Pattern NAME =
            Pattern.compile(".+-([bcdfghjklmnpqrstvwxz2456789]{6,10})-[bcdfghjklmnpqrstvwxz2456789]{5}");
    /** Kubernetes cuts the hash off in a name that would be longer. */
    private static final int LONGEST_NAME = 63;

    static Replica of(String name, boolean ending, boolean mayServe) {
        return new Replica(name, revisionIn(name), ending, mayServe);
    }

    /**
     * From the pod's name, because an EndpointSlice shows nothing else, and so the operator needs no right to read pods.
     */
    public static Optional<String> revisionIn(String name) {
        Matcher matcher = NAME.matcher(name);
        return name.length() < LONGEST_NAME && matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
