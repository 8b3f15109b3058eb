package io.moongate.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where things are that were not given: the launcher script says where it lies itself. */
public final class Home {
    private static final Logger LOG = LoggerFactory.getLogger(Home.class);

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
        String name = landscape.toAbsolutePath().normalize().toString();
        Path base = xdg != null && !xdg.isEmpty() ? Path.of(xdg) : homeless() ? temporary() : stateOfUser();
        return base.resolve("moongate").resolve(Integer.toHexString(name.hashCode()));
    }

    private static Path stateOfUser() {
        return Path.of(System.getProperty("user.home"), ".local", "state");
    }

    /** A user whom the system does not know, as in many containers, has no home; Java says {@code ?} then. */
    private static boolean homeless() {
        String home = System.getProperty("user.home", "?");
        return home.isEmpty() || home.equals("?") || home.equals("/nonexistent");
    }

    /** A new folder for this process alone: a name that others can guess could be a trap. */
    private static Path temporary() {
        try {
            Path folder = Files.createTempDirectory("moongate-state-");
            LOG.warn("this user has no home: the state in {} does not outlive this process; give --state DIR", folder);
            return folder;
        } catch (IOException e) {
            // Where nothing can be made: each write says so, and the tunnels are served.
            return Path.of("/dev/null/moongate-state");
        }
    }
}
