package io.moongate.cli.run;

import io.moongate.adoption.accesslog.AccessLogService;
import io.moongate.model.config.AccessLogServiceSettings;
import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.TunnelObserver;
import io.moongate.model.landscape.GatewayPod;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.net.Addresses;
import io.moongate.model.problem.Problem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who tells of the tunnels that others serve, and who should: while one of these does not, nobody looks. */
final class Tellers implements AutoCloseable {
    /** So long one that has just come may be silent before people hear of it. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int NAMED = 3;

    private final AccessLogService service;
    private final AccessLogServiceSettings settings;
    private final Optional<Supplier<Expected>> expected;
    private @Nullable Instant blindSince;

    /**
     * Who should.
     *
     * @param pods by the entrance that clients reach them by: each has a log of its own, and who tells of one may be
     *     silent about the other; an entrance that leads nowhere has none. Empty while they are not known
     */
    record Expected(Optional<Map<Entrance, Set<GatewayPod>>> pods) {
        static final Expected UNKNOWN = new Expected(Optional.empty());

        Expected {
            pods = pods.map(Map::copyOf);
        }

        boolean isAnybody() {
            return pods.filter(all -> all.values().stream().anyMatch(some -> !some.isEmpty()))
                    .isPresent();
        }
    }

    /** A log that nobody tells. */
    record Silent(GatewayPod pod, Entrance entrance) {
        @Override
        public String toString() {
            return pod.name() + " (" + entrance.label() + ")";
        }
    }

    /**
     * Begins to listen; throws a sentence for people.
     *
     * @param expected empty: as many as the settings say, whoever they are
     * @param shoots which shoot a header's value leads to
     */
    Tellers(
            AccessLogServiceSettings settings,
            Optional<Supplier<Expected>> expected,
            TunnelObserver observer,
            Function<String, Optional<ShootKey>> shoots)
            throws IOException {
        this.settings = settings;
        this.expected = expected;
        this.service = new AccessLogService(settings, observer, shoots);
    }

    InetSocketAddress address() {
        return service.address();
    }

    /** Whether all that are expected tell. Where nobody serves, nobody can be asked: that is no look, either. */
    boolean look() {
        return service.refusing().isEmpty()
                && expected.map(Supplier::get)
                        .map(now -> now.isAnybody() && silent(now).isEmpty())
                        .orElseGet(() -> service.envoys() >= settings.envoys());
    }

    /** Which logs are missing, as far as that is known. */
    List<Silent> silent() {
        return expected.map(supplier -> silent(supplier.get())).orElse(List.of());
    }

    private List<Silent> silent(Expected now) {
        return now.pods().orElse(Map.of()).entrySet().stream()
                .flatMap(entrance -> entrance.getValue().stream()
                        .filter(pod -> !service.tells(pod, entrance.getKey()))
                        .map(pod -> new Silent(pod, entrance.getKey())))
                .sorted(Comparator.comparing((Silent silent) -> silent.pod().name())
                        .thenComparing(Silent::entrance))
                .toList();
    }

    /** What people must know, once it has been so for a while; asked from time to time, by one thread. */
    Optional<Problem> problem(Instant now) {
        if (look()) {
            blindSince = null;
            return Optional.empty();
        }
        Instant since = blindSince == null ? now : blindSince;
        blindSince = since;
        return now.isBefore(since.plus(PATIENCE))
                ? Optional.empty()
                : Optional.of(service.refusing()
                        .map(Tellers::refused)
                        .orElseGet(() -> Problem.general(
                                Problem.Code.NOT_ALL_TELL,
                                "nobody looks at the tunnels: " + why(),
                                "see whether they reach " + Addresses.text(address())
                                        + " and, in a cluster, the witness reaches their ports")));
    }

    private static Problem refused(String limit) {
        return Problem.general(
                Problem.Code.NOT_ALL_TELL,
                "the access log service refuses clients at its limit of " + limit
                        + ", so this time counts as not observed",
                "find the client in the log of this process; docs/adoption.md lists the limits and how to raise them");
    }

    private String why() {
        List<Silent> silent = silent();
        if (!silent.isEmpty()) {
            return silent.stream().limit(NAMED).map(Silent::toString).collect(Collectors.joining(", "))
                    + (silent.size() > NAMED ? " and " + (silent.size() - NAMED) + " more" : "")
                    + " do not tell of theirs";
        }
        return expected.isPresent()
                ? "no pod is known that serves them"
                : service.envoys() + " of " + settings.envoys() + " Envoys tell of theirs";
    }

    @Override
    public void close() {
        service.close();
    }
}
