package io.moongate.cli.run;

import io.moongate.model.problem.Problem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process opens beside its tunnel listeners: admin endpoint, dashboard, shared address, access log service. One
 * that cannot be opened is a problem and is tried again; the tunnels are served all the same. Used by one thread.
 */
public final class Endpoints implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Endpoints.class);
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final List<Endpoint> endpoints = new ArrayList<>();
    private Instant retryAt = Instant.MAX;

    public enum Kind {
        ADMIN(Problem.Code.ADMIN_FAILED, "free the port, or choose another with admin.port"),
        DASHBOARD(
                Problem.Code.DASHBOARD_FAILED,
                "free the port, choose another with dashboard.port, or set dashboard.enabled to false"),
        SHARE(Problem.Code.ADMIN_FAILED, "free the port, or choose another with --share"),
        ACCESS_LOG_SERVICE(
                Problem.Code.ACCESS_LOG_SERVICE_FAILED,
                "free the port, or choose another with evidence.accessLogService.port; until then no time counts as"
                        + " observed");

        private final Problem.Code code;
        private final String remedy;

        Kind(Problem.Code code, String remedy) {
            this.code = code;
            this.remedy = remedy;
        }
    }

    /** Opens an endpoint; throws a sentence for people where that is not possible now. */
    public interface Opening {
        Opened open() throws IOException;
    }

    public record Opened(InetSocketAddress address, AutoCloseable resource) {}

    private static final class Endpoint {
        private final Kind kind;
        private final Opening opening;
        private @Nullable Opened opened;
        private Optional<Problem> problem = Optional.empty();

        private Endpoint(Kind kind, Opening opening) {
            this.kind = kind;
            this.opening = opening;
        }

        /** Whether it is open now. */
        private boolean open() {
            if (opened == null) {
                try {
                    opened = opening.open();
                    problem = Optional.empty();
                } catch (IOException | RuntimeException | LinkageError e) {
                    problem = Optional.of(Problem.general(kind.code, String.valueOf(e.getMessage()), kind.remedy));
                }
            }
            return opened != null;
        }
    }

    public void add(Kind kind, Opening opening) {
        endpoints.add(new Endpoint(kind, opening));
    }

    /** Opens what is not open yet, now and from time to time. */
    public void open(Instant now) {
        boolean all = true;
        for (Endpoint endpoint : endpoints) {
            all &= endpoint.open();
        }
        retryAt = all ? Instant.MAX : now.plus(RETRY);
    }

    public void retryIfDue(Instant now) {
        if (!now.isBefore(retryAt)) {
            open(now);
        }
    }

    public List<Problem> problems() {
        return endpoints.stream().flatMap(e -> e.problem.stream()).toList();
    }

    public Optional<InetSocketAddress> address(Kind kind) {
        return endpoints.stream()
                .filter(e -> e.kind == kind)
                .flatMap(e -> Optional.ofNullable(e.opened).stream())
                .map(Opened::address)
                .findFirst();
    }

    RunLoop.Doors doors() {
        return new RunLoop.Doors(
                address(Kind.ADMIN), address(Kind.DASHBOARD), address(Kind.SHARE), address(Kind.ACCESS_LOG_SERVICE));
    }

    @Override
    public void close() {
        for (Endpoint endpoint : endpoints.reversed()) {
            Opened opened = endpoint.opened;
            try {
                if (opened != null) {
                    opened.resource().close();
                }
            } catch (Exception e) {
                LOG.warn("{} did not close: {}", Arrays.asList(endpoint.kind, opened), e.toString());
            }
        }
    }
}
