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
        // A pipe that a shell has opened for us is read once, and fine.
        if (given != null && !Files.isRegularFile(given) && !given.startsWith("/dev/fd")) {
            throw new UserError("the kubeconfig is no regular file, " + given + ", give a file");
        }
        return Optional.ofNullable(given);
    }
}
