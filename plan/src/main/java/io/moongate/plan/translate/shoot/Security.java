package io.moongate.plan.translate.shoot;

import static io.moongate.plan.translate.Tree.list;
import static io.moongate.plan.translate.Tree.map;

import java.util.Map;

/** The least that a container may do, and what it needs on top. */
final class Security {
    private Security() {}

    static Map<String, Object> of(Object... capabilities) {
        var wanted = map();
        if (capabilities.length > 0) {
            wanted.put("add", list(capabilities));
        }
        wanted.put("drop", list("ALL"));
        return map("allowPrivilegeEscalation", false, "readOnlyRootFilesystem", true, "capabilities", wanted);
    }
}
