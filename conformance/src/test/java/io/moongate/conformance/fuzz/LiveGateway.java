package io.moongate.conformance.fuzz;

import io.moongate.dataplane.gateway.Connections;
import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.TestGateway;
import io.moongate.model.config.GatewaySettings.ProxyProtocol;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A whole gateway with one live tunnel, for all inputs of a run. After each input the tunnel answers, and nothing is
 * left of what the input opened.
 */
final class LiveGateway {
    static final String SHOOT = "shoot--foo--bar";
    /** A slow machine needs far less; a client would not wait longer. */
    static final long PATIENCE_NANOS = 5_000_000_000L;

    private static final int LEAKS_EVERY = 256;
    private static final String TRUSTED = "127.0.0.0/8";

    private static Optional<LiveGateway> instance = Optional.empty();

    private final Alarms alarms = new Alarms();
    private final TestGateway gateway;
    private final Client tunnel;
    private final Recent recent = new Recent(LEAKS_EVERY);

    private LiveGateway() throws IOException {
        int upstream = echo();
        gateway = new TestGateway(new Plans()
                .unified(Plans.listener(ProxyProtocol.Mode.Optional, TRUSTED))
                .legacy(Plans.listener(ProxyProtocol.Mode.Strict, TRUSTED))
                .route(SHOOT, upstream));
        tunnel = Client.tunnel(address(Entrance.UNIFIED), Entrance.UNIFIED, Plans.apiServer(SHOOT));
        settle();
    }

    static synchronized LiveGateway get() throws IOException {
        if (instance.isEmpty()) {
            instance = Optional.of(new LiveGateway());
        }
        return instance.get();
    }

    /** The tests' own upstream keeps each socket that it has accepted: too many here. */
    private static int echo() throws IOException {
        var server = new ServerSocket(0, 2048, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(() -> {
            while (true) {
                try {
                    Socket socket = server.accept();
                    Thread.ofVirtual().start(() -> echo(socket));
                } catch (IOException e) {
                    throw new IllegalStateException("the upstream does not accept", e);
                }
            }
        });
        return server.getLocalPort();
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException gone) {
            // The gateway has reset it.
        }
    }

    InetSocketAddress address(Entrance entrance) {
        return gateway.address(entrance);
    }

    /** What one input does; it may be done again to find out which input leaks. */
    interface Attack {
        void run() throws IOException;
    }

    void survives(Attack attack) throws IOException {
        attack.run();
        settle();
        recent.add(attack);
        if (recent.isFull()) {
            if (alarms.leaks()) {
                blame();
            }
            recent.clear();
        }
    }

    private void settle() throws IOException {
        await(() -> Connections.waiting(gateway.gateway()) == 0, "connections that wait are left");
        await(() -> gateway.gateway().tunnels() == 1, "tunnels are left, or the live one is cut");
        tunnel.send("ping");
        Check.that(tunnel.read(4).equals("ping"), "the live tunnel does not answer");
        for (String line : gateway.lines()) {
            Check.that(!line.contains("\"InternalError\""), "an internal error: " + line);
        }
        gateway.lines().clear();
        alarms.check();
    }

    private void await(BooleanSupplier condition, String otherwise) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new IllegalStateException(otherwise + ": " + Connections.waiting(gateway.gateway()) + " waiting, "
                        + gateway.gateway().tunnels() + " tunnels");
            }
            LockSupport.parkNanos(20_000);
        }
    }

    /** A leak shows late: each of the last inputs is tried again alone. */
    private void blame() throws IOException {
        for (Attack attack : recent.all()) {
            attack.run();
            settle();
            if (alarms.leaks()) {
                throw new IllegalStateException("a buffer leaks: " + attack);
            }
        }
        throw new IllegalStateException("a buffer leaks; one of: " + recent.all());
    }
}
