package io.moongate.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a role reaches its seed. */
public final class SeedKubeconfig {
    @Option(
            names = "--seed-kubeconfig",
            paramLabel = "FILE",
            description =
                    "How to reach the seed. Default: the cluster in which this runs, else $KUBECONFIG or ~/.kube/config.")
    private @Nullable Path file;

    /** A clear error where it cannot be read. */
    public Optional<Path> readable() {
        return Kubeconfig.readable(file);
    }
}
