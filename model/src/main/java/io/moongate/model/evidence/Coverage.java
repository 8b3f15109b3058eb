package io.moongate.model.evidence;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * When somebody looked. What happened in other time is not known: it is "not observed", never "unused".
 *
 * @param spans in order, without overlaps
 */
public record Coverage(List<Span> spans) {
    /** From one time to another; both belong to it. */
    public record Span(Instant from, Instant to) {
        Duration length() {
            return Duration.between(from, to);
        }
    }

    public Coverage {
        spans = merged(spans);
    }

    private static List<Span> merged(List<Span> spans) {
        var all = new ArrayList<Span>();
        for (Span span : spans.stream().sorted(Comparator.comparing(Span::from)).toList()) {
            boolean touches =
                    !all.isEmpty() && !span.from().isAfter(all.getLast().to());
            if (!touches) {
                all.add(span);
            } else if (span.to().isAfter(all.getLast().to())) {
                all.add(new Span(all.removeLast().from(), span.to()));
            }
        }
        return List.copyOf(all);
    }

    /** The times from {@code from} to {@code to} in which nobody looked. */
    public List<Span> gaps(Instant from, Instant to) {
        var gaps = new ArrayList<Span>();
        Instant at = from;
        for (Span span : spans) {
            if (span.to().isBefore(at)) {
                continue;
            }
            if (span.from().isAfter(to)) {
                break;
            }
            if (span.from().isAfter(at)) {
                gaps.add(new Span(at, span.from()));
            }
            at = span.to();
        }
        if (at.isBefore(to)) {
            gaps.add(new Span(at, to));
        }
        return List.copyOf(gaps);
    }

    /** How much of the time from {@code from} to {@code to} nobody looked. */
    public Duration unseen(Instant from, Instant to) {
        return gaps(from, to).stream().map(Span::length).reduce(Duration.ZERO, Duration::plus);
    }
}
