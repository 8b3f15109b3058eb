package io.moongate.adoption.evidence;

import io.moongate.model.evidence.Coverage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When somebody looked: all else is time that is not observed. Its owner guards it. */
final class ObservedTime {
    private static final Logger LOG = LoggerFactory.getLogger(ObservedTime.class);
    /** One for each start within 90 days, and for each gap; before the oldest that is kept nothing is observed. */
    static final int MOST_SPANS = 200_000;

    /** Later than this after the last look nobody knows what was in between: the process stood still, or the clock jumped. */
    private static final Duration LONGEST_STEP = Duration.ofSeconds(15);

    private final List<Coverage.Span> earlier = new ArrayList<>();
    private Coverage.Span looking;
    private boolean blind;

    ObservedTime(Instant now) {
        looking = new Coverage.Span(now, now);
    }

    /** In order; whether some of it is in a time that has not come yet. */
    boolean goesOnFrom(List<Coverage.Span> kept, Instant now) {
        earlier.addAll(kept);
        boolean ahead = kept.stream().anyMatch(span -> span.to().isAfter(now));
        if (ahead) {
            setBack(now);
        }
        return ahead;
    }

    /** The span in which we look now. */
    Coverage.Span current() {
        return looking;
    }

    Coverage coverage(Instant now) {
        var spans = new ArrayList<>(earlier);
        spans.add(goesOn(now) ? new Coverage.Span(looking.from(), now) : looking);
        return new Coverage(spans);
    }

    /**
     * Somebody looks, or the time since the last look does not count.
     *
     * @return whether the clock was set back: what is after now does not count any more
     */
    boolean look(Instant now, boolean sees) {
        boolean back = now.isBefore(looking.to());
        if (back) {
            earlier.add(looking);
            setBack(now);
        }
        if (!sees) {
            blind = true;
            return back;
        }
        boolean goesOn = goesOn(now);
        blind = false;
        if (!goesOn) {
            LOG.warn("nobody looked from {} to {}: not observed", looking.to(), now);
            earlier.add(looking);
            if (earlier.size() >= MOST_SPANS) {
                earlier.removeFirst();
            }
        }
        looking = new Coverage.Span(goesOn ? looking.from() : now, now);
        return back;
    }

    private boolean goesOn(Instant now) {
        return !blind
                && !now.isBefore(looking.to())
                && !now.isAfter(looking.to().plus(LONGEST_STEP));
    }

    /**
     * The clock shows an earlier time than it did. Nobody has seen what comes after it, though spans of an hour that was
     * wrong may lie there: they would turn time in which nobody looks into time that was observed, once it comes.
     */
    private void setBack(Instant now) {
        LOG.warn("the clock was set back to {}: time after that which was observed does not count", now);
        List<Coverage.Span> before = earlier.stream()
                .filter(span -> span.from().isBefore(now))
                .map(span -> new Coverage.Span(span.from(), span.to().isAfter(now) ? now : span.to()))
                .toList();
        earlier.clear();
        earlier.addAll(before);
        looking = new Coverage.Span(now, now);
    }

    /** What ended before this time is of no interest. */
    void forgetBefore(Instant oldest) {
        earlier.removeIf(span -> span.to().isBefore(oldest));
    }

    /** As if nobody had looked until then. */
    void cutBefore(Instant from) {
        List<Coverage.Span> rest = earlier.stream()
                .filter(span -> span.to().isAfter(from))
                .map(span -> span.from().isBefore(from) ? new Coverage.Span(from, span.to()) : span)
                .toList();
        earlier.clear();
        earlier.addAll(rest);
        if (looking.from().isBefore(from)) {
            looking = new Coverage.Span(from, looking.to().isAfter(from) ? looking.to() : from);
        }
    }
}
