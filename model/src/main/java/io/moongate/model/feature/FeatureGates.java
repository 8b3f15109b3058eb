package io.moongate.model.feature;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which gates were set, by name. A gate's own entry beats its stage's group ({@code AllAlpha}), which beats the
 * default, whatever the order in which they were written.
 */
public record FeatureGates(Map<String, Boolean> set) {
    public static final FeatureGates NONE = new FeatureGates(Map.of());

    public FeatureGates {
        for (String name : set.keySet()) {
            if (Feature.named(name).isEmpty() && !isGroup(name)) {
                throw new IllegalArgumentException("unknown feature gate '" + name + "'; known are " + knownNames());
            }
        }
        set = Map.copyOf(set);
    }

    /** Reads the form of {@code --feature-gates}: {@code Name=true,Other=false}. */
    public static FeatureGates parse(String text) {
        var gates = new LinkedHashMap<String, Boolean>();
        for (String part : text.split(",", -1)) {
            if (part.isBlank()) {
                continue;
            }
            int equals = part.indexOf('=');
            String value = equals < 0 ? "" : part.substring(equals + 1).trim();
            if (!value.equals("true") && !value.equals("false")) {
                throw new IllegalArgumentException(
                        "feature gate '" + part.trim() + "' is not of the form Name=true or Name=false");
            }
            gates.put(part.substring(0, equals).trim(), value.equals("true"));
        }
        return new FeatureGates(gates);
    }

    /** These gates with those of {@code stronger} on top. */
    public FeatureGates overriddenBy(FeatureGates stronger) {
        var merged = new TreeMap<>(set);
        merged.putAll(stronger.set);
        return new FeatureGates(merged);
    }

    public boolean enabled(Feature feature) {
        Boolean own = set.get(feature.gate());
        if (own != null) {
            return own;
        }
        return set.getOrDefault(feature.stage().group(), feature.byDefault());
    }

    public static String knownNames() {
        return Stream.concat(
                        Arrays.stream(Feature.values()).map(Feature::gate),
                        Arrays.stream(Feature.Stage.values()).map(Feature.Stage::group))
                .collect(Collectors.joining(", "));
    }

    private static boolean isGroup(String name) {
        return Arrays.stream(Feature.Stage.values()).anyMatch(s -> s.group().equals(name));
    }
}
