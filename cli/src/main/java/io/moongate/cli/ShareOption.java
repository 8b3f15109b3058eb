package io.moongate.cli;

import io.moongate.model.config.AdminSettings;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where adoption can be read from elsewhere. */
public final class ShareOption {
    @Option(
            names = "--share",
            paramLabel = "ADDRESS:PORT",
            description =
                    "Let 'moongate adoption' and 'moongate dashboard' of other machines read adoption here, as in 0.0.0.0:9091: whoever reaches it sees shoots' names and their clients' address ranges, and can change nothing. Default: nobody.")
    private @Nullable String share;

    public Optional<AdminSettings> settings() {
        return Optional.ofNullable(share).map(text -> AdminOption.parse(text, "--share"));
    }
}
