package io.moongate.cli.adoption;

import io.moongate.cli.peer.Answer;
import io.moongate.cli.peer.Peer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where reports come from: the page {@code /adoption} of running moongates. */
record Sources(List<Peer> peers) implements AutoCloseable {
    /**
     * @param failures what could not be read, each in a sentence with the way out
     * @param warnings what to bear in mind of those that could
     */
    record Reports(List<Map<?, ?>> all, List<String> failures, List<String> warnings) {}

    Reports read() {
        var all = new ArrayList<Map<?, ?>>();
        var failures = new ArrayList<String>();
        var warnings = new ArrayList<String>();
        for (Answer answer : Answer.ofAll(peers, "/adoption")) {
            if (answer.failed()) {
                failures.add(
                        "the report cannot be read (" + answer.failure() + "), "
                                + answer.peer().name()
                                + ", give the admin endpoint of a moongate run or witness with --admin, or a seed with --context");
            } else {
                all.add(answer.page());
                answer.clockIsOff(Instant.now()).ifPresent(warnings::add);
            }
        }
        return new Reports(all, failures, warnings);
    }

    @Override
    public void close() {
        peers.forEach(Peer::close);
    }
}
