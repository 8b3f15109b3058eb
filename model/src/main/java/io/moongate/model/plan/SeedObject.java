package io.moongate.model.plan;

import java.util.Map;

/**
 * An object that should be in the seed, as a tree of maps, lists and scalars. Of an object that belongs to somebody
 * else (the ingress gateway's Service) the tree holds only the fields that are ours.
 */
public record SeedObject(String apiVersion, String kind, String namespace, String name, Map<String, Object> tree) {
    @Override
    public String toString() {
        return kind + " " + namespace + "/" + name;
    }
}
