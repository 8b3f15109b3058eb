package io.moongate.operator.removal;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.moongate.model.loop.Supervisor;
import io.moongate.model.loop.Supervisor.WhenStuck;
import io.moongate.model.problem.ObjectRef;
import io.moongate.model.problem.Problem;
import io.moongate.operator.apply.ServerSideApply;
import io.moongate.operator.provider.LiveSource.Clusters;
import io.moongate.operator.removal.PublishedLegacyPort.Decided;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a seed's operator and gateways what has been decided about the legacy port, and the garden whether it could be
 * removed. Tells it again where it has been lost or changed.
 */
public final class Herald implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Herald.class);
    private static final int EVERY_SECONDS = 5;
    /** Two requests to API servers, with the client's timeouts and retries. */
    private static final Duration LONGEST_TURN = Duration.ofMinutes(5);

    private final KubernetesClient seed;
    private final String namespace;
    private final String seedName;
    private final PublishedLegacyPort published;
    private final SeedCondition condition;
    private final Supervisor.Loop loop;
    private final Supplier<Optional<News>> news;
    private final Consumer<List<Problem>> problems;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("herald").daemon().factory());
    private List<Problem> before = List.of();

    /**
     * What there is to tell.
     *
     * @param decided empty where nothing has ever been decided
     */
    public record News(Optional<Decided> decided, SeedCondition.Said removable) {}

    /**
     * @param news empty while nothing is known
     * @param problems taken whenever they are others than before
     */
    public Herald(
            Clusters clusters,
            String namespace,
            String seedName,
            Supplier<Optional<News>> news,
            Consumer<List<Problem>> problems,
            Supervisor supervisor) {
        this.loop = supervisor.begin("publish", LONGEST_TURN, WhenStuck.PROBLEM);
        this.seed = clusters.seed();
        this.namespace = namespace;
        this.seedName = seedName;
        this.news = news;
        this.problems = problems;
        this.condition = new SeedCondition(clusters.garden(), seedName);
        this.published = new PublishedLegacyPort(seed, namespace, seedName, this::soon);
        thread.scheduleWithFixedDelay(loop.guard(this::tell), 0, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    /** After a decision: not only at the next turn. */
    public void soon() {
        if (!thread.isShutdown()) {
            thread.execute(loop.guard(this::tell));
        }
    }

    private void tell() {
        news.get().ifPresent(this::tell);
    }

    private void tell(News now) {
        var failed = new ArrayList<Problem>();
        now.decided().filter(decided -> published.hasSynced()).ifPresent(decided -> {
            if (!published.live().equals(Optional.of(decided))) {
                attempt(() -> publish(decided), "ConfigMap", "moongate-legacy-port-" + seedName, failed);
            }
        });
        attempt(() -> condition.say(now.removable()), "Seed", seedName, failed);
        if (!failed.equals(before)) {
            before = List.copyOf(failed);
            problems.accept(before);
        }
    }

    private void publish(Decided decided) {
        ServerSideApply.apply(seed, PublishedLegacyPort.object(namespace, seedName, decided), true);
        LOG.info("published: the legacy port is {}, by {}", decided.port(), decided.who());
    }

    private static void attempt(Runnable write, String kind, String name, List<Problem> failed) {
        try {
            write.run();
        } catch (KubernetesClientException e) {
            failed.add(Problem.of(
                    Problem.Code.APPLY_FAILED,
                    new ObjectRef(kind, "", name),
                    "could not be written: " + e.getMessage(),
                    "see whether the witness may, and the API server answers"));
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        loop.ended();
        published.close();
    }
}
