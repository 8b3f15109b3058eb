package io.moongate.cli.run;

import io.moongate.dataplane.gateway.Gateway;
import io.moongate.manifest.ManifestSource;
import io.moongate.manifest.read.Manifest;
import io.moongate.model.destination.Entrance;
import io.moongate.model.net.Addresses;
import io.moongate.model.plan.Plan;
import io.moongate.model.removal.LegacyPort;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** Where the manifests of a {@link RunLoop} come from, and what is particular to those who run it. */
public interface RunInput {
    /** @param held what was last good before a restart */
    ManifestSource open(Map<String, List<Manifest>> held);

    /** Tells people what runs, once it does. */
    void greet(PrintWriter out, Plan plan, Gateway gateway, RunLoop.Doors doors);

    /** Whether this process serves the tunnels; else it plans and watches, and opens no port for clients. */
    default boolean serves() {
        return true;
    }

    /** Which others have to tell about their tunnels, so that all are seen; empty: as many as the configuration says. */
    default Optional<Supplier<Tellers.Expected>> tellers() {
        return Optional.empty();
    }

    /** After each step. */
    default void inForce(Plan plan) {}

    /** How the legacy port is served now. */
    default AdoptionDesk.Served legacyServed(Plan plan, Gateway gateway) {
        List<String> listening =
                gateway.bound(Entrance.LEGACY).stream().map(Addresses::text).toList();
        return new AdoptionDesk.Served(listening, OptionalInt.of(gateway.tunnels(Entrance.LEGACY)));
    }

    /**
     * What has been decided about the legacy port elsewhere, as far as this process is to follow now.
     *
     * @param port its number
     */
    default LegacyPort legacyPort(int port) {
        return LegacyPort.Open;
    }
}
