package io.moongate.cli.run;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the roles with a data plane leave on disk. */
final class ProcessOptions {
    @Option(
            names = "--state",
            paramLabel = "DIR",
            description =
                    "Where the last good input is kept. Default: $STATE_DIRECTORY, else below $XDG_STATE_HOME or ~/.local/state.")
    @Nullable
    Path state;

    @Option(
            names = "--access-log",
            paramLabel = "FILE",
            defaultValue = "-",
            description = "Where the access log goes; '-' is standard output, 'none' nowhere.")
    String accessLog = "-";
}
