package io.moongate.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where things are that were not given: the launcher script says where it lies itself. */
public final class Home {
    private Home() {}

    /** The folder given, else the example that comes with the product. */
    public static Path landscape(@Nullable Path given) {
        if (given != null) {
            return given;
        }
        Path example = Path.of(System.getProperty("moongate.home", ".")).resolve("examples/landscape");
        if (!Files.isDirectory(example)) {
            throw new UserError(
                    "no landscape was given and the example is not here, " + example + ", add --landscape DIR");
        }
        return example;
    }

    /** The folder given, else one per landscape below the user's or the service's state folder. */
    public static Path state(@Nullable Path given, Path landscape) {
        if (given != null) {
            return given;
        }
        String service = System.getenv("STATE_DIRECTORY");
        if (service != null && !service.isEmpty()) {
            return Path.of(service);
        }
        String xdg = System.getenv("XDG_STATE_HOME");
        Path base = xdg != null && !xdg.isEmpty()
                ? Path.of(xdg)
                : Path.of(System.getProperty("user.home"), ".local", "state");
        String name = landscape.toAbsolutePath().normalize().toString();
        return base.resolve("moongate").resolve(Integer.toHexString(name.hashCode()));
    }
}
