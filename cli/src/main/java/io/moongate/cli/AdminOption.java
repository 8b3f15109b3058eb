package io.moongate.cli;

import io.moongate.model.config.AdminSettings;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a role serves health and metrics, where the configuration is shared by several. */
public final class AdminOption {
    @Option(
            names = "--admin",
            paramLabel = "ADDRESS:PORT",
            description =
                    "Where health and metrics are, as in 0.0.0.0:9090; stronger than admin in the configuration. /config and /confirm answer this machine alone.")
    private @Nullable String admin;

    public Optional<AdminSettings> settings() {
        if (admin == null) {
            return Optional.empty();
        }
        int colon = admin.lastIndexOf(':');
        try {
            String address = admin.substring(0, Math.max(colon, 0)).replaceAll("^\\[|]$", "");
            return Optional.of(new AdminSettings(address, Integer.parseInt(admin.substring(colon + 1))));
        } catch (IllegalArgumentException e) {
            throw new UserError("'" + admin + "' is not an address and a port, in --admin, write it as 127.0.0.1:9090");
        }
    }
}
