package io.moongate.cli.removal;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** What gardenlet's own check says, and how its operator removes the legacy port. */
record GardenletPrinter(PrintWriter out) {
    static final String GATE = "RemoveHTTPProxyLegacyPort";

    /** Beside what the traffic says: gardenlet asks for the constraint alone. */
    void check(List<Map<?, ?>> gardenlets) {
        for (Map<?, ?> gardenlet : gardenlets) {
            out.println();
            List<?> refuses = gardenlet.get("refuses") instanceof List<?> names ? names : List.of();
            String who = "gardenlet of seed " + gardenlet.get("seed") + version(gardenlet) + " with " + GATE;
            if (refuses.isEmpty()) {
                out.println(who + " starts: " + gardenlet.get("passes") + " shoots have the constraint, "
                        + gardenlet.get("skipped") + " are not checked");
            } else {
                out.println(who + " does not start: " + refuses.size() + " shoots lack the constraint"
                        + " UsesUnifiedHTTPProxyPort");
                refuses.forEach(shoot -> out.println("  " + shoot));
            }
        }
    }

    /** Where a gardenlet owns the legacy port, the change is made in its configuration. */
    void change(List<Map<?, ?>> gardenlets) {
        set(gardenlets, "removes the port. Set", true);
    }

    /** The same where the port is to come back. */
    void changeBack(List<Map<?, ?>> gardenlets) {
        set(gardenlets, "has to open the port again. Turn off", false);
    }

    private void set(List<Map<?, ?>> gardenlets, String what, boolean on) {
        if (gardenlets.isEmpty()) {
            return;
        }
        String seeds = String.join(
                ", ",
                gardenlets.stream().map(g -> String.valueOf(g.get("seed"))).toList());
        out.println();
        out.println("gardenlet " + what + " the feature gate in the configuration of the gardenlet of " + seeds
                + ", where it is deployed (its GardenletConfiguration, or spec.config of its Gardenlet resource):");
        out.println();
        out.println("  apiVersion: gardenlet.config.gardener.cloud/v1alpha1");
        out.println("  kind: GardenletConfiguration");
        out.println("  featureGates:");
        out.println("    " + GATE + ": " + on);
        out.println();
        out.flush();
    }

    private static String version(Map<?, ?> gardenlet) {
        return gardenlet.get("version") == null ? "" : " (" + gardenlet.get("version") + ")";
    }
}
