package io.moongate.plan.served;

import io.moongate.plan.translate.LiveTree;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds Envoy's RBAC, which lets not everybody through. */
final class Restrictions {
    static final String RBAC = ".rbac.";

    private Restrictions() {}

    /** Whether there is one with rules in a tree. */
    static boolean in(@Nullable Object tree) {
        return switch (tree) {
            case Map<?, ?> map -> isOne(map) || map.values().stream().anyMatch(Restrictions::in);
            case List<?> list -> list.stream().anyMatch(Restrictions::in);
            case null -> false;
            default -> false;
        };
    }

    private static boolean isOne(Map<?, ?> message) {
        // Without rules it lets everybody through, and has to be there for those of single routes.
        return LiveTree.text(message.get("@type")).contains(RBAC)
                && message.keySet().stream()
                        .anyMatch(field -> !field.equals("@type")
                                && !LiveTree.map(message.get(field)).isEmpty());
    }
}
