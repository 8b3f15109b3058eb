package io.moongate.dataplane.gateway;

import io.moongate.model.config.GatewaySettings;
import io.moongate.model.net.HostPort;
import io.moongate.model.plan.Upstreams;
import io.moongate.model.tunnel.Flag;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
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
import org.jspecify.annotations.Nullable;

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

    /** What needs a connection; called on its event loop, either {@code connected} or {@code failed}, once. */
    interface Caller {
        /** Whether the connection is not needed any more. */
        boolean gone();

        /** The connection belongs to the dial until its relay has it. */
        void connected(SocketChannel upstream, HostPort endpoint);

        void failed(Flag flag);

        /** One endpoint cannot be used because of a defect; the next is tried. */
        void broken(Throwable defect);

        /** Runs what is called back; a failure ends the attempt. */
        void guard(Runnable action);

        void step(Steps.Step step);
    }

    Dial dial(EventLoop loop, GatewaySettings settings, Caller caller) {
        Duration timeout = settings.limits().connectTimeout();
        long deadline = timeout.isZero() ? Long.MAX_VALUE : System.nanoTime() + timeout.toNanos();
        return new Dial(loop, settings, deadline, caller);
    }

    /** One dial: the endpoints one after the other. Owns its connection, until it is cancelled or a relay has it. */
    final class Dial {
        private static final long LEAST_MILLIS = 100;
        private static final long MOST_MILLIS = 60_000;

        private final EventLoop loop;
        private final GatewaySettings settings;
        private final long deadline;
        private final Caller caller;
        private List<HostPort> endpoints = List.of();
        private @Nullable Channel current;
        private int tried;

        private Dial(EventLoop loop, GatewaySettings settings, long deadline, Caller caller) {
            this.loop = loop;
            this.settings = settings;
            this.deadline = deadline;
            this.caller = caller;
        }

        void start(Upstreams upstreams) {
            switch (upstreams) {
                case Upstreams.Endpoints some -> begin(some.all());
                case Upstreams.DnsName dns -> names.resolve(dns.name(), loop, caller::guard, this::begin);
            }
        }

        /** Closes the connection, also one that is half made. */
        void cancel() {
            if (current != null && current.isRegistered()) {
                current.close();
            }
        }

        private void begin(List<HostPort> found) {
            if (caller.gone()) {
                return;
            }
            caller.step(Steps.Step.RESOLVED);
            if (found.isEmpty()) {
                caller.failed(Flag.NO_ENDPOINT);
                return;
            }
            endpoints = order.of(found);
            next(Flag.CONNECT_FAILED);
        }

        private void next(Flag lastFailure) {
            Flag failure = lastFailure;
            while (true) {
                long left = leftMillis();
                if (tried == endpoints.size() || left <= 0) {
                    caller.failed(left <= 0 ? Flag.CONNECT_TIMEOUT : failure);
                    return;
                }
                // A share of the time for each that is left: one that never answers must leave some for the next.
                long share = Math.clamp(left / (endpoints.size() - tried), LEAST_MILLIS, MOST_MILLIS);
                HostPort endpoint = endpoints.get(tried++);
                try {
                    InetSocketAddress address =
                            new InetSocketAddress(InetAddress.ofLiteral(endpoint.host()), endpoint.port());
                    caller.step(Steps.Step.CONNECT);
                    ChannelFuture attempt = connect(address, (int) share);
                    if (attempt.cause() != null && !attempt.channel().isRegistered()) {
                        // No descriptor is left: Netty tells of it on another thread, with a channel that cannot close.
                        failure = Flag.CONNECT_FAILED;
                        continue;
                    }
                    current = attempt.channel();
                    attempt.addListener(done -> inLoop(() -> caller.guard(() -> done(endpoint, attempt))));
                    return;
                } catch (IllegalArgumentException notAnAddress) {
                    caller.broken(notAnAddress);
                    failure = Flag.INTERNAL_ERROR;
                }
            }
        }

        private void inLoop(Runnable action) {
            if (loop.inEventLoop()) {
                action.run();
            } else {
                loop.execute(action);
            }
        }

        private void done(HostPort endpoint, ChannelFuture attempt) {
            if (caller.gone()) {
                attempt.channel().close();
            } else if (attempt.isSuccess()) {
                order.answered(endpoint);
                caller.connected((SocketChannel) attempt.channel(), endpoint);
            } else {
                order.failed(endpoint);
                next(attempt.cause() instanceof ConnectTimeoutException ? Flag.CONNECT_TIMEOUT : Flag.CONNECT_FAILED);
            }
        }

        private long leftMillis() {
            return deadline == Long.MAX_VALUE ? MOST_MILLIS : (deadline - System.nanoTime()) / 1_000_000;
        }

        private ChannelFuture connect(InetSocketAddress address, int timeoutMillis) {
            var bootstrap = new Bootstrap()
                    .group(loop)
                    .channel(EpollSocketChannel.class)
                    .option(ChannelOption.AUTO_READ, false)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                    .handler(new UntilTheRelay());
            SocketOptions.set(bootstrap::option, settings.keepalive());
            return bootstrap.connect(address);
        }
    }

    /** Before the relay takes it, a connection that breaks is one that ends: whoever dialled sees that. */
    private static final class UntilTheRelay extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (ctx.pipeline().last() == this) {
                ctx.close();
            } else {
                ctx.fireExceptionCaught(cause);
            }
        }
    }
}
