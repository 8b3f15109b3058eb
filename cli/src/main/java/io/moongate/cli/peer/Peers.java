package io.moongate.cli.peer;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.moongate.cli.AdminClient;
import io.moongate.cli.Kubeconfig;
import io.moongate.cli.UserError;
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
        List<String> known = Optional.ofNullable(config(file, null).getContexts()).orElse(List.of()).stream()
                .map(context -> context.getName())
                .toList();
        Set<String> wanted = new LinkedHashSet<>(allContexts ? known : contexts);
        wanted.stream().filter(context -> !known.contains(context)).findFirst().ifPresent(missing -> {
            throw new UserError("there is no context '" + missing + "', in "
                    + file.map(Path::toString).orElse("the kubeconfig that kubectl uses")
                    + ", 'kubectl config get-contexts' lists them");
        });
        if (wanted.isEmpty()) {
            throw new UserError(
                    "there is no context, in " + file.map(Path::toString).orElse("the kubeconfig that kubectl uses")
                            + ", give one with --kubeconfig");
        }
        return wanted.stream()
                .map(context -> new SeedPeer(
                        context,
                        new KubernetesClientBuilder()
                                .withConfig(config(file, context))
                                .build(),
                        service[0],
                        service[1]));
    }

    private static Config config(Optional<Path> file, @Nullable String context) {
        try {
            return file.map(path -> Config.fromKubeconfig(context, path.toFile()))
                    .orElseGet(() -> Config.autoConfigure(context));
        } catch (KubernetesClientException e) {
            throw new UserError(
                    "the kubeconfig cannot be read (" + e.getMessage() + "), in --kubeconfig, give another");
        }
    }
}
