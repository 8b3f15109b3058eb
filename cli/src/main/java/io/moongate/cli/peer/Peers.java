package io.moongate.cli.peer;

import io.moongate.cli.AdminClient;
import io.moongate.cli.Kubeconfig;
import io.moongate.cli.UserError;
import io.moongate.operator.landscape.SeedContexts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whom to ask about adoption: any number of running moongates. */
public final class Peers {
    /** Of the witness' Service, in the chart. */
    private static final String PORT = "readers";

    @Option(
            names = "--admin",
            paramLabel = "URL",
            description =
                    "The admin endpoint of a moongate run or witness, or what it shares (--share); repeat it for several. Default, without --context: "
                            + AdminClient.DEFAULT + ".")
    private List<String> admins = new ArrayList<>();

    @Option(
            names = "--context",
            paramLabel = "NAME",
            description =
                    "A seed, by a context of the kubeconfig: its witness is asked through its API server, where the chart's witness.readers lets it. Repeat it for several.")
    private List<String> contexts = new ArrayList<>();

    @Option(names = "--all-contexts", description = "Every context of the kubeconfig is a seed.")
    private boolean allContexts;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "Where the contexts are. Default: $KUBECONFIG, else ~/.kube/config.")
    private @Nullable Path kubeconfig;

    @Option(
            names = "--witness",
            paramLabel = "NAMESPACE/SERVICE",
            defaultValue = "moongate-system/moongate-witness",
            description = "With contexts: the witness' Service in each seed. Default: ${DEFAULT-VALUE}.")
    private String witness = "moongate-system/moongate-witness";

    /** All of them; closed by who asks for them. */
    public List<Peer> open() {
        Set<String> urls = new LinkedHashSet<>(admins);
        boolean seeds = allContexts || !contexts.isEmpty();
        if (urls.isEmpty() && !seeds) {
            urls.add(AdminClient.DEFAULT);
        }
        if (kubeconfig != null && !seeds) {
            throw new UserError(
                    "a kubeconfig alone names no seed, on the command line, add --context or --all-contexts");
        }
        Stream<Peer> byUrl = urls.stream().map(AdminPeer::new);
        return Stream.concat(byUrl, seeds ? seeds() : Stream.of()).toList();
    }

    private Stream<Peer> seeds() {
        String[] service = witness.split("/", -1);
        if (service.length != 2 || service[0].isEmpty() || service[1].isEmpty()) {
            throw new UserError("'" + witness + "' is not a namespace and a Service, in --witness, write it as "
                    + "moongate-system/moongate-witness");
        }
        Optional<Path> file = Kubeconfig.readable(kubeconfig);
        String where = file.map(Path::toString).orElse("the kubeconfig that kubectl uses");
        var seeds = new SeedContexts(file);
        try {
            var peers = new ArrayList<Peer>();
            for (String context : wanted(seeds.names(), where)) {
                peers.add(new SeedPeer(context, seeds.proxy(context, service[0], service[1], PORT)));
            }
            return peers.stream();
        } catch (IOException e) {
            throw new UserError(
                    "the kubeconfig cannot be read (" + e.getMessage() + "), in " + where + ", give another");
        }
    }

    private Set<String> wanted(List<String> known, String where) {
        Set<String> wanted = new LinkedHashSet<>(allContexts ? known : contexts);
        wanted.stream().filter(context -> !known.contains(context)).findFirst().ifPresent(missing -> {
            throw new UserError("there is no context '" + missing + "', in " + where
                    + ", 'kubectl config get-contexts' lists them");
        });
        if (wanted.isEmpty()) {
            throw new UserError("there is no context, in " + where + ", give one with --kubeconfig");
        }
        return wanted;
    }
}
