package io.moongate.dataplane.gateway;

import io.moongate.dataplane.transport.AcceptFailures;
import io.moongate.model.config.GatewaySettings;
import io.moongate.model.destination.Entrance;
import io.moongate.model.net.Addresses;
import io.moongate.model.problem.Problem;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listening sockets: opened and closed so that those which stay are never touched. Used by one thread at a time. */
final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
    private static final int BACKLOG = 4096;
    /** Why this machine has no sockets of IPv6; empty where it has. Found out once, with a socket that is bound. */
    private static final String NO_IPV6 = whyNoIpv6();

    private final Core core;
    private final EventLoopGroup loops;
    private final Map<Key, Channel> open = new HashMap<>();

    Listeners(Core core, EventLoopGroup loops) {
        this.core = core;
        this.loops = loops;
    }

    private static String whyNoIpv6() {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("::"), 0));
            return socket.getLocalSocketAddress() instanceof InetSocketAddress bound
                            && bound.getAddress() instanceof Inet6Address
                    ? ""
                    : "sockets are of IPv4";
        } catch (IOException | RuntimeException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private record Key(Entrance entrance, String address, int port) {}

    /**
     * Closes what is not wanted any more, opens what is new.
     *
     * @param withdrawn collects entrances that lost their last socket
     */
    List<Problem> apply(GatewaySettings settings, Set<Entrance> withdrawn) {
        var problems = new ArrayList<Problem>();
        var wanted = new LinkedHashSet<Key>();
        for (Entrance entrance : Entrance.values()) {
            var listener = settings.listeners().of(entrance);
            for (String address : effective(listener.addresses())) {
                wanted.add(new Key(entrance, address, listener.port()));
            }
        }
        // New before old: while an address changes there is always one that answers.
        var failed = new ArrayList<Key>();
        wanted.stream()
                .filter(key -> !open.containsKey(key))
                .forEach(key -> tryOpen(key).ifPresent(why -> failed.add(key)));
        var closed = new ArrayList<Key>();
        for (Key key : List.copyOf(open.keySet())) {
            if (!wanted.contains(key)) {
                close(key);
                closed.add(key);
            }
        }
        for (Key key : failed) {
            // The old socket may have been what stood in the way: 0.0.0.0 and 127.0.0.1 cannot share a port.
            Optional<Throwable> why = tryOpen(key);
            if (why.isPresent()) {
                problems.add(problem(key, why.get()));
                closed.stream().filter(old -> old.entrance() == key.entrance()).forEach(this::tryOpen);
            }
        }
        for (Entrance entrance : Entrance.values()) {
            if (wanted.stream().noneMatch(k -> k.entrance() == entrance)) {
                withdrawn.add(entrance);
            }
        }
        return problems;
    }

    /** A socket on {@code ::} takes IPv4 as well, and one on {@code 0.0.0.0} beside it would find the port in use. */
    private static List<String> effective(List<String> addresses) {
        if (addresses.contains("0.0.0.0") && !NO_IPV6.isEmpty()) {
            // A machine without IPv6: nobody can come to the other address.
            return addresses.stream().filter(a -> !a.equals("::")).toList();
        }
        return addresses.contains("::")
                ? addresses.stream().filter(a -> !a.equals("0.0.0.0")).toList()
                : addresses;
    }

    /** Empty if it is open now, else why not. */
    private Optional<Throwable> tryOpen(Key key) {
        var bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .handler(new AcceptFailures())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast("reception", new Reception(core, key.entrance()));
                    }
                });
        var address = new InetSocketAddress(Addresses.parse(key.address()).orElseThrow(), key.port());
        var bound = bootstrap.bind(address).awaitUninterruptibly();
        if (bound.isSuccess()) {
            open.put(key, bound.channel());
            LOG.info("{} listener is open on {}", key.entrance().label(), where(bound.channel()));
            return Optional.empty();
        }
        return Optional.of(bound.cause());
    }

    private static Problem problem(Key key, Throwable why) {
        return Problem.general(
                Problem.Code.LISTENER_FAILED,
                "the " + key.entrance().label() + " listener cannot open " + key.address() + " port " + key.port()
                        + " (" + why.getMessage() + ")",
                "free the port, or change gateway.listeners." + key.entrance().label());
    }

    private void close(Key key) {
        Channel channel = open.remove(key);
        if (channel != null) {
            LOG.info("{} listener on {} closes", key.entrance().label(), where(channel));
            channel.close().awaitUninterruptibly();
        }
    }

    void closeAll() {
        List.copyOf(open.keySet()).forEach(this::close);
    }

    private static String where(Channel channel) {
        return Addresses.text((InetSocketAddress) channel.localAddress());
    }

    List<InetSocketAddress> bound(Entrance entrance) {
        return open.entrySet().stream()
                .filter(e -> e.getKey().entrance() == entrance)
                .map(e -> (InetSocketAddress) e.getValue().localAddress())
                .toList();
    }
}
