package io.moongate.dataplane.gateway;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** How many tunnels each of several holds, and what is a fair share of all. Not safe for use by several threads. */
final class Shares<K> {
    private final Map<K, Integer> held = new HashMap<>();
    // How many hold so many.
    private final TreeMap<Integer, Integer> holders = new TreeMap<>();

    int held(K key) {
        return held.getOrDefault(key, 0);
    }

    void take(K key) {
        change(key, 1);
    }

    void give(K key) {
        change(key, -1);
    }

    private void change(K key, int more) {
        int before = held(key);
        int now = before + more;
        if (before > 0) {
            holders.computeIfPresent(before, (n, of) -> of > 1 ? of - 1 : null);
        }
        if (now > 0) {
            holders.merge(now, 1, Integer::sum);
            held.put(key, now);
        } else {
            held.remove(key);
        }
    }

    /**
     * Whether there would be no room for all if one other, which may come, held as many as this one; those that hold
     * less keep what they have. That other keeps the last tenth free of one that is alone. What the others hold is not
     * rounded up to an equal share: else a client with many addresses could make every share as small as it likes.
     *
     * @param all places
     * @param known how many keys there can be: where all of them hold some, the other is the one that holds the least
     */
    boolean hasItsShare(K key, int all, int known) {
        int own = held(key);
        if (own == 0 || known <= 1) {
            return false;
        }
        // The other and each of these as much as this one, and those that hold less what they hold.
        long together = own + (long) own * held.size();
        for (var less : holders.headMap(own).entrySet()) {
            together -= (long) (own - less.getKey()) * less.getValue();
        }
        if (held.size() >= known) {
            together -= Math.min(own, holders.firstKey());
        }
        return together >= all;
    }
}
