package io.moongate.cli.run;

import io.moongate.manifest.write.Trees;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.plan.ObjectChange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What would become of objects, each as its manifest before and after. */
final class ChangeTrees {
    /** The routes of ten thousand shoots are more than anybody reads: beyond this, objects are only named. */
    private static final int MOST_CHARACTERS = 4 << 20;

    private ChangeTrees() {}

    /** {@code {change, before?, after?}} each, or {@code {change, omitted: true}}; the manifests are YAML. */
    static List<Map<String, Object>> of(List<ObjectChange> changes) {
        var trees = new ArrayList<Map<String, Object>>();
        int characters = 0;
        for (ObjectChange change : changes) {
            var tree = new LinkedHashMap<String, Object>();
            tree.put("change", change.toString());
            if (characters < MOST_CHARACTERS) {
                characters += put(tree, "before", change.before()) + put(tree, "after", change.after());
            } else {
                tree.put("omitted", true);
            }
            trees.add(tree);
        }
        return trees;
    }

    private static int put(Map<String, Object> tree, String key, Optional<ClusterObject> object) {
        String yaml = object.map(o -> Trees.yaml(o.tree())).orElse("");
        if (!yaml.isEmpty()) {
            tree.put(key, yaml);
        }
        return yaml.length();
    }
}
