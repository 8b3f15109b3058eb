package io.moongate.adoption.imports;

import io.moongate.model.evidence.Coverage.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Why logs cannot prove that a shoot left the legacy port, however complete they are said to be. */
public final class Doubts {
    private static final int NAMED = 5;
    /** An hour without a line is unusual: API server proxies connect all the time. */
    private static final Duration QUIET = Duration.ofHours(1);

    private Doubts() {}

    /**
     * Each in a sentence of the form {@code what, where, what to do}.
     *
     * @param ignoreUnread whether the operator says that lines that cannot be read are no tunnels
     */
    public static List<String> of(LogImport read, Tally tally, boolean ignoreUnread) {
        var doubts = new ArrayList<String>();
        if (read.unread() > 0 && !ignoreUnread) {
            doubts.add("each of the " + read.unread() + " lines that cannot be read may be a tunnel, in the logs, "
                    + "see the lines above; if none of them is one, add --ignore-unreadable");
        }
        read.cut()
                .forEach(file -> doubts.add("the end is missing, " + file + ", give the whole file: until then its "
                        + "logs are not complete"));
        long lost = tally.counts().withoutDestination();
        if (lost > 0) {
            doubts.add(lost + " tunnels name no destination, in the logs, log %UPSTREAM_CLUSTER% or "
                    + "%REQ(X-GARDENER-DESTINATION)% and %REQ(REVERSED-VPN)%; Envoy's default format has none "
                    + "of them");
        }
        return doubts;
    }

    /** Where the operator says more of the logs than their lines show. */
    public static List<String> about(Span covers, Tally tally) {
        var doubts = new ArrayList<String>();
        tally.counts()
                .firstWritten()
                .filter(first -> first.isAfter(covers.from().plus(QUIET)))
                .ifPresent(
                        first -> doubts.add("the first line was written at " + first + ", in the logs, give older ones "
                                + "unless no tunnel ended between " + covers.from() + " and then"));
        tally.counts()
                .last()
                .filter(last -> last.isBefore(covers.to().minus(QUIET)))
                .ifPresent(last -> doubts.add("the last line was written at " + last + ", in the logs, give later ones "
                        + "unless no tunnel ended between then and " + covers.to()));
        return doubts;
    }

    /** What else a person should know. */
    public static List<String> notes(Tally tally) {
        var notes = new ArrayList<String>();
        Counts counts = tally.counts();
        if (!tally.strangers().isEmpty()) {
            notes.add(counts.ofStrangers() + " tunnels lead to control planes without a shoot in the landscape: "
                    + first(tally.strangers()));
        }
        if (!tally.otherPorts().isEmpty()) {
            String port = tally.otherPorts().getFirst();
            notes.add(counts.withoutPort() + " tunnels came through ports that are neither 8443 nor 8132, in the logs, "
                    + "say what they are, as in --port " + port + "=legacy: " + first(tally.otherPorts()));
        } else if (counts.withoutPort() > 0) {
            notes.add(counts.withoutPort() + " tunnels do not name their port, in the logs, log "
                    + "%DOWNSTREAM_LOCAL_ADDRESS%, or give --listener for logs of one port");
        }
        if (counts.uncounted() > 0) {
            notes.add("only " + TunnelSet.MOST + " tunnels are counted: numbers of set-ups and bytes are at least "
                    + "those shown; findings and times are not affected");
        }
        return notes;
    }

    private static String first(List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
        return names.size() > NAMED ? shown + " and " + (names.size() - NAMED) + " more" : shown;
    }
}
