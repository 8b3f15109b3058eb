package io.moongate.dataplane.gateway;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Sources by a number; of those with the same number, the one that has had it for the longest time comes first. */
final class Ranking {
    private final TreeMap<Long, Set<InetAddress>> byNumber = new TreeMap<>();
    private final Map<InetAddress, Long> numbers = new HashMap<>();

    void change(InetAddress source, long before, long now) {
        byNumber.computeIfPresent(before, (n, of) -> of.remove(source) && of.isEmpty() ? null : of);
        if (now > 0) {
            byNumber.computeIfAbsent(now, n -> new LinkedHashSet<>()).add(source);
            numbers.put(source, now);
        } else {
            numbers.remove(source);
        }
    }

    void add(InetAddress source, long more) {
        long before = numbers.getOrDefault(source, 0L);
        change(source, before, before + more);
    }

    /** Empty where no source has any. */
    Optional<InetAddress> first() {
        return byNumber.isEmpty()
                ? Optional.empty()
                : Optional.of(byNumber.lastEntry().getValue().iterator().next());
    }
}
