package io.moongate.cli;

import io.moongate.manifest.file.RegularFiles;
import io.moongate.operator.provider.KubeconfigFiles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A kubeconfig given on the command line, or the one that kubectl uses. */
public final class Kubeconfig {
    /** Thousands of clusters with their certificates. */
    private static final int LARGEST = 16 << 20;

    private Kubeconfig() {}

    /** Empty where none is given; a clear error where it cannot be read. */
    public static Optional<Path> readable(@Nullable Path given) {
        if (given == null) {
            ofKubectl(System.getenv("KUBECONFIG"), System.getenv("HOME")).forEach(Kubeconfig::check);
            return Optional.empty();
        }
        if (!Files.isReadable(given)) {
            throw new UserError("the kubeconfig cannot be read, " + given + ", give a file that exists");
        }
        check(given);
        return Optional.of(given);
    }

    /** The files that the client reads when it is given none, as far as they exist. */
    static Stream<Path> ofKubectl(@Nullable String variable, @Nullable String home) {
        Stream<Path> named = variable == null || variable.isEmpty()
                ? Stream.ofNullable(home).map(folder -> Path.of(folder, ".kube", "config"))
                : Stream.of(variable.split(File.pathSeparator))
                        .filter(p -> !p.isBlank())
                        .map(Path::of);
        return named.filter(Files::exists);
    }

    /** A library reads it: from a pipe it would wait for ever, from a device it would fill the memory. */
    static void check(Path file) {
        // A pipe that a shell has opened for us is read once, and fine.
        if (file.startsWith("/dev/fd")) {
            return;
        }
        try {
            RegularFiles.require(file, LARGEST);
            KubeconfigFiles.require(file);
        } catch (IOException e) {
            throw new UserError("the kubeconfig cannot be used, " + e.getMessage() + ", give another file");
        }
    }
}
