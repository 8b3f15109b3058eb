package io.moongate.dataplane.gateway;

import io.moongate.model.config.GatewaySettings;
import io.moongate.model.net.HostPort;
import io.moongate.model.plan.Upstreams;
import io.moongate.model.tunnel.Flag;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Connects to one of a destination's endpoints: the one with the fewest tunnels first, the next where one is dead, all
 * within the connect timeout.
 */
final class Dialer {
    private final Names names;
    private final EndpointOrder order;

    Dialer(Names names, EndpointOrder order) {
        this.names = names;
        this.order = order;
    }

    /** Who asked for a connection; called on its event loop, either {@code connected} or {@code failed}, once. */
    interface Caller {
        /** Whether nobody needs the connection any more. */
        boolean gone();

        void connected(SocketChannel upstream, HostPort endpoint);

        void failed(Flag flag);
    }

    void dial(EventLoop loop, Upstreams upstreams, GatewaySettings settings, Caller caller) {
        Duration timeout = settings.limits().connectTimeout();
        long deadline = timeout.isZero() ? Long.MAX_VALUE : System.nanoTime() + timeout.toNanos();
        switch (upstreams) {
            case Upstreams.Endpoints endpoints -> start(loop, endpoints.all(), settings, deadline, caller);
            case Upstreams.DnsName dns ->
                names.resolve(dns.name(), loop, found -> start(loop, found, settings, deadline, caller));
        }
    }

    private void start(
            EventLoop loop, List<HostPort> endpoints, GatewaySettings settings, long deadline, Caller caller) {
        if (endpoints.isEmpty()) {
            caller.failed(Flag.NO_ENDPOINT);
            return;
        }
        new Attempts(loop, order.of(endpoints), settings, deadline, caller).next(Flag.CONNECT_FAILED);
    }

    /** One dial: the endpoints one after the other. */
    private final class Attempts {
        private static final long LEAST_MILLIS = 100;
        private static final long MOST_MILLIS = 60_000;

        private final EventLoop loop;
        private final List<HostPort> endpoints;
        private final GatewaySettings settings;
        private final long deadline;
        private final Caller caller;
        private int tried;

        private Attempts(
                EventLoop loop, List<HostPort> endpoints, GatewaySettings settings, long deadline, Caller caller) {
            this.loop = loop;
            this.endpoints = endpoints;
            this.settings = settings;
            this.deadline = deadline;
            this.caller = caller;
        }

        private void next(Flag lastFailure) {
            long left = leftMillis();
            if (tried == endpoints.size() || left <= 0) {
                caller.failed(left <= 0 ? Flag.CONNECT_TIMEOUT : lastFailure);
                return;
            }
            // A share of the time for each that is left: one that never answers must leave some for the next.
            long share = Math.clamp(left / (endpoints.size() - tried), LEAST_MILLIS, MOST_MILLIS);
            HostPort endpoint = endpoints.get(tried++);
            connect(endpoint, (int) share).addListener((ChannelFuture attempt) -> {
                if (caller.gone()) {
                    attempt.channel().close();
                } else if (attempt.isSuccess()) {
                    order.answered(endpoint);
                    caller.connected((SocketChannel) attempt.channel(), endpoint);
                } else {
                    order.failed(endpoint);
                    next(
                            attempt.cause() instanceof ConnectTimeoutException
                                    ? Flag.CONNECT_TIMEOUT
                                    : Flag.CONNECT_FAILED);
                }
            });
        }

        private long leftMillis() {
            return deadline == Long.MAX_VALUE ? MOST_MILLIS : (deadline - System.nanoTime()) / 1_000_000;
        }

        private ChannelFuture connect(HostPort endpoint, int timeoutMillis) {
            var bootstrap = new Bootstrap()
                    .group(loop)
                    .channel(EpollSocketChannel.class)
                    .option(ChannelOption.AUTO_READ, false)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                    .handler(new ChannelInboundHandlerAdapter());
            SocketOptions.set(bootstrap::option, settings.keepalive());
            return bootstrap.connect(new InetSocketAddress(InetAddress.ofLiteral(endpoint.host()), endpoint.port()));
        }
    }
}
