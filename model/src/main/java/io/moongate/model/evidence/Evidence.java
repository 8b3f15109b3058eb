package io.moongate.model.evidence;

import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.ShootKey;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What was seen of real tunnels, and when somebody looked.
 *
 * @param uses at most one for each shoot and entrance
 */
public record Evidence(List<Use> uses, Coverage coverage) {
    public Evidence {
        uses = List.copyOf(uses);
    }

    /** By shoot; those that were never seen are not in it. */
    public Map<ShootKey, Map<Entrance, Use>> byShoot() {
        return uses.stream()
                .collect(Collectors.groupingBy(
                        Use::shoot, Collectors.toMap(Use::entrance, Function.identity(), (first, second) -> first)));
    }
}
