package io.moongate.model.feature;

import java.util.Arrays;
import java.util.Optional;

/** The feature gates that exist; the names are those of the seed document and of upstream. */
public enum Feature {
    USE_UNIFIED_HTTP_PROXY_PORT(
            "UseUnifiedHTTPProxyPort",
            Stage.ALPHA,
            false,
            "Moves the shoots' VPN clients and API server proxies from port 8132 to the unified port 8443."),
    REMOVE_HTTP_PROXY_LEGACY_PORT(
            "RemoveHTTPProxyLegacyPort",
            Stage.ALPHA,
            false,
            "Removes port 8132 as soon as nothing blocks it, by the rules of `moongate legacy-port`; off again it restores it. In `moongate run`.");

    /** As in Kubernetes: a stage's group gate ({@code AllAlpha}, {@code AllBeta}) sets all gates of that stage. */
    public enum Stage {
        ALPHA("AllAlpha"),
        BETA("AllBeta");

        private final String group;

        Stage(String group) {
            this.group = group;
        }

        public String group() {
            return group;
        }
    }

    private final String gate;
    private final Stage stage;
    private final boolean byDefault;
    private final String doc;

    Feature(String gate, Stage stage, boolean byDefault, String doc) {
        this.gate = gate;
        this.stage = stage;
        this.byDefault = byDefault;
        this.doc = doc;
    }

    public static Optional<Feature> named(String gate) {
        return Arrays.stream(values()).filter(f -> f.gate.equals(gate)).findFirst();
    }

    public String gate() {
        return gate;
    }

    public Stage stage() {
        return stage;
    }

    public boolean byDefault() {
        return byDefault;
    }

    public String doc() {
        return doc;
    }
}
