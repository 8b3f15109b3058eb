package io.moongate.plan.served;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What may be so, where there are doubts: each doubt is true or not. */
final class Worlds {
    /** Of so many doubts all combinations are tried; of more, each alone, none and all. */
    private static final int ALL_COMBINATIONS = 4;

    private Worlds() {}

    static boolean areAll(List<Doubt> doubts) {
        return doubts.size() <= ALL_COMBINATIONS;
    }

    /** The doubts that are true, for each world. */
    static List<Set<Doubt>> of(List<Doubt> doubts) {
        var worlds = new ArrayList<Set<Doubt>>();
        if (areAll(doubts)) {
            for (int bits = 0; bits < 1 << doubts.size(); bits++) {
                var world = new HashSet<Doubt>();
                for (int i = 0; i < doubts.size(); i++) {
                    if ((bits >> i & 1) == 1) {
                        world.add(doubts.get(i));
                    }
                }
                worlds.add(world);
            }
            return worlds;
        }
        worlds.add(Set.of());
        doubts.forEach(doubt -> worlds.add(Set.of(doubt)));
        worlds.add(Set.copyOf(doubts));
        return worlds;
    }
}
