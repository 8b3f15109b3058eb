package io.moongate.model.condition;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What was seen of a shoot's proxy components. */
public sealed interface Components {
    /** Its API server could not be asked. */
    record Unreachable(Instant since) implements Components {}

    /**
     * The pods on nodes that are Ready and schedulable; others do not count.
     *
     * @param all every pod that should be there is in it
     */
    record Seen(List<Pod> all) implements Components {
        public Seen {
            all = List.copyOf(all);
        }
    }

    /**
     * One pod.
     *
     * @param component {@code vpn-shoot} or {@code apiserver-proxy}
     * @param unified whether its configuration is the unified one
     * @param wasReady whether it has been Ready since it started
     * @param notReadySince empty while it is Ready
     */
    record Pod(
            String component,
            String name,
            String node,
            boolean unified,
            boolean wasReady,
            Optional<Instant> notReadySince) {}
}
