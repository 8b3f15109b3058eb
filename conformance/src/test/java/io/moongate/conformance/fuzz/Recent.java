package io.moongate.conformance.fuzz;

import java.util.ArrayList;
import java.util.List;

/** The inputs since leaks were looked for the last time. */
final class Recent {
    private final int most;
    private final List<LiveGateway.Attack> attacks = new ArrayList<>();

    Recent(int most) {
        this.most = most;
    }

    void add(LiveGateway.Attack attack) {
        attacks.add(attack);
    }

    boolean isFull() {
        return attacks.size() >= most;
    }

    List<LiveGateway.Attack> all() {
        return List.copyOf(attacks);
    }

    void clear() {
        attacks.clear();
    }
}
