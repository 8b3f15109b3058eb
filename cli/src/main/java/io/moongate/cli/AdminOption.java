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
        return Optional.ofNullable(admin).map(text -> parse(text, "--admin"));
    }

    /** @param option where it was given */
    static AdminSettings parse(String text, String option) {
        int colon = text.lastIndexOf(':');
        try {
            String address = text.substring(0, Math.max(colon, 0)).replaceAll("^\\[|]$", "");
            return new AdminSettings(address, Integer.parseInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    "'" + text + "' is not an address and a port, in " + option + ", write it as 127.0.0.1:9090");
        }
    }
}
