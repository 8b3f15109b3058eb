package io.moongate.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A kubeconfig given on the command line. */
public final class Kubeconfig {
    private Kubeconfig() {}

    /** Empty where none is given; a clear error where it cannot be read. */
    public static Optional<Path> readable(@Nullable Path given) {
        if (given != null && !Files.isReadable(given)) {
            throw new UserError("the kubeconfig cannot be read, " + given + ", give a file that exists");
        }
        return Optional.ofNullable(given);
    }
}
