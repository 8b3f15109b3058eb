package io.moongate.dataplane.testing;

import static org.awaitility.Awaitility.await;

import io.moongate.dataplane.gateway.Gateway;
import io.moongate.dataplane.record.AccessLog;
import io.moongate.dataplane.record.GatewayMetrics;
import io.moongate.dataplane.record.Recorder;
import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.TunnelObserver;
import io.moongate.model.loop.Supervisor;
import io.moongate.model.plan.GatewayPlan;
import io.moongate.model.problem.Problem;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway with its access log in memory. */
public final class TestGateway implements AutoCloseable {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final GatewayMetrics metrics = new GatewayMetrics();
    private final AccessLog log;
    private final Gateway gateway;
    private final List<Problem> problems;

    public TestGateway(Plans plan) {
        this(plan.build(), Optional.empty());
    }

    public TestGateway(GatewayPlan plan, Optional<DnsServerAddressStreamProvider> nameServers) {
        this(plan, nameServers, TunnelObserver.NONE, options -> Gateway.start(plan, options));
    }

    public TestGateway(
            GatewayPlan plan,
            Optional<DnsServerAddressStreamProvider> nameServers,
            TunnelObserver observer,
            Function<Gateway.Options, Gateway> start) {
        var lineSink = new OutputStream() {
            @Override
            public void write(int b) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void write(byte[] some, int from, int length) {
                new String(some, from, length, StandardCharsets.UTF_8).lines().forEach(lines::add);
            }
        };
        log = new AccessLog(lineSink, Supervisor.NONE);
        gateway = start.apply(new Gateway.Options(new Recorder(metrics, log, observer), nameServers));
        problems = gateway.apply(plan);
    }

    public Gateway gateway() {
        return gateway;
    }

    public GatewayMetrics metrics() {
        return metrics;
    }

    public List<Problem> problems() {
        return problems;
    }

    public InetSocketAddress address(Entrance entrance) {
        return gateway.bound(entrance).getFirst();
    }

    /** Lines of the access log so far. */
    public List<String> lines() {
        return lines;
    }

    /** Waits for so many lines and gives the last one. */
    public Line line(int number) {
        await().until(() -> lines.size() >= number);
        return new Line(lines.get(number - 1));
    }

    /** One line of the access log. */
    public record Line(String json) {
        public String get(String field) {
            Matcher matcher =
                    Pattern.compile("\"" + field + "\":(\"([^\"]*)\"|[^,}]*)").matcher(json);
            if (!matcher.find()) {
                throw new AssertionError("no field " + field + " in " + json);
            }
            return matcher.group(2) != null ? matcher.group(2) : matcher.group(1);
        }
    }

    @Override
    public void close() {
        gateway.shutdown();
        log.close();
    }
}
