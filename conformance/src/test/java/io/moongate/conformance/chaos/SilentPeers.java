package io.moongate.conformance.chaos;

import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.RawHttp2;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.Function;

/** Peers that do not read: destinations that let everything wait, and clients that do so. */
final class SilentPeers implements Nuisance, AutoCloseable {
    private static final int MOST_TUNNELS = 2000;
    private static final int MOST_CONNECTIONS = 150;
    /** More than the tunnels and streams to it that are up at once, as the two above allow. */
    private static final int MOST_HELD = 6000;

    private static final int KERNEL_BUFFER = 4096;
    private static final int AT_ONCE = 64;
    private static final byte[][] PINGS = pings();

    private final Function<Entrance, InetSocketAddress> gateway;
    private final List<SocketChannel> tunnels = new ArrayList<>();
    private final List<RawHttp2> connections = new ArrayList<>();
    private final ByteBuffer junk = ByteBuffer.allocate(256 * 1024);

    SilentPeers(Function<Entrance, InetSocketAddress> gateway) {
        this.gateway = gateway;
    }

    /**
     * A destination that accepts and never reads. So it does not see that a tunnel has ended: the oldest of many go, or
     * a long run would need all descriptors of this process.
     */
    static Upstream hanging() {
        var held = new LinkedBlockingDeque<CountDownLatch>();
        return Upstream.serving(KERNEL_BUFFER, socket -> {
            var release = new CountDownLatch(1);
            held.add(release);
            if (held.size() > MOST_HELD) {
                held.remove().countDown();
            }
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** A destination that sends without end. */
    static Upstream generous() {
        var bytes = new byte[64 * 1024];
        return Upstream.serving(socket -> {
            while (true) {
                socket.getOutputStream().write(bytes);
            }
        });
    }

    private static byte[][] pings() {
        var pings = new byte[1000][];
        Arrays.fill(pings, RawHttp2.frame(RawHttp2.PING, 0, 0, new byte[8]));
        return pings;
    }

    @Override
    public void once(Random random) throws IOException {
        if (tunnels.size() < MOST_TUNNELS) {
            open(random.nextBoolean() ? "shoot--test--hanging" : "shoot--test--generous", random);
        }
        for (int i = 0; i < AT_ONCE; i++) {
            int which = random.nextInt(tunnels.size());
            try {
                tunnels.get(which).write(junk.clear());
            } catch (IOException ended) {
                tunnels.remove(which).close();
                return;
            }
        }
        if (random.nextInt(10) == 0) {
            withHttp2(random);
        }
    }

    private void open(String shoot, Random random) throws IOException {
        Entrance entrance = random.nextBoolean() ? Entrance.UNIFIED : Entrance.LEGACY;
        var tunnel = SocketChannel.open();
        tunnels.add(tunnel);
        tunnel.setOption(StandardSocketOptions.SO_RCVBUF, KERNEL_BUFFER);
        tunnel.connect(gateway.apply(entrance));
        String request = Client.connect(entrance, Plans.apiServer(shoot));
        tunnel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        tunnel.configureBlocking(false);
    }

    /** Streams whose destinations do not read, and acknowledgements that nobody reads. */
    private void withHttp2(Random random) throws IOException {
        if (connections.size() == MOST_CONNECTIONS) {
            connections.remove(random.nextInt(connections.size())).close();
        }
        var connection = new RawHttp2(gateway.apply(Entrance.UNIFIED), KERNEL_BUFFER);
        connections.add(connection);
        String header = Entrance.UNIFIED.header().toLowerCase(Locale.ROOT);
        for (int stream = 1; stream < 40; stream += 2) {
            connection.send(
                    RawHttp2.connect(stream, RawHttp2.END_HEADERS, header, Plans.apiServer("shoot--test--hanging")),
                    RawHttp2.frame(RawHttp2.DATA, 0, stream, new byte[16_000]));
        }
        connection.send(PINGS);
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel tunnel : tunnels) {
            tunnel.close();
        }
        for (RawHttp2 connection : connections) {
            connection.close();
        }
    }
}
