package io.moongate.conformance.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.function.Predicate;

/** One connection of an attacker, on one thread: it writes and reads at once, so that neither can block the other. */
final class Exchange implements AutoCloseable {
    private static int connections;

    private final SocketChannel socket = SocketChannel.open();
    private final Selector selector = Selector.open();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    private boolean ended;

    Exchange(InetSocketAddress gateway) throws IOException {
        // From many addresses: the ports of one would be used up.
        connections = (connections + 1) % 200;
        socket.bind(new InetSocketAddress("127.0.1." + (connections + 1), 0));
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        socket.connect(gateway);
        socket.configureBlocking(false);
        socket.register(selector, SelectionKey.OP_READ);
    }

    /** Sends the pieces, then reads until {@code done} or the end. False if neither came in time. */
    boolean send(List<byte[]> pieces, Predicate<byte[]> done) throws IOException {
        long start = System.nanoTime();
        try {
            for (byte[] piece : pieces) {
                ByteBuffer out = ByteBuffer.wrap(piece);
                while (out.hasRemaining() && !ended) {
                    if (System.nanoTime() - start > LiveGateway.PATIENCE_NANOS) {
                        return false;
                    }
                    boolean stuck = socket.write(out) == 0;
                    if (!read() && stuck) {
                        selector.select(1);
                    }
                }
            }
            return await(done, start);
        } catch (IOException reset) {
            ended = true;
            return true;
        }
    }

    private boolean await(Predicate<byte[]> done, long start) throws IOException {
        while (!ended && !done.test(received.toByteArray())) {
            if (System.nanoTime() - start > LiveGateway.PATIENCE_NANOS) {
                return false;
            }
            if (!read()) {
                selector.select(100);
                selector.selectedKeys().clear();
            }
        }
        return true;
    }

    /** The end of what we send; false if the gateway does not end its side in time. */
    boolean finish() throws IOException {
        try {
            socket.shutdownOutput();
            return await(bytes -> false, System.nanoTime());
        } catch (IOException reset) {
            ended = true;
            return true;
        }
    }

    void resetAtClose() throws IOException {
        socket.setOption(StandardSocketOptions.SO_LINGER, 0);
    }

    byte[] received() {
        return received.toByteArray();
    }

    /** Whether there was something to read. */
    private boolean read() throws IOException {
        buffer.clear();
        int count = socket.read(buffer);
        if (count < 0) {
            ended = true;
        } else if (count > 0) {
            received.write(buffer.array(), 0, count);
        }
        return count != 0;
    }

    @Override
    public void close() throws IOException {
        selector.close();
        socket.close();
    }
}
