package io.moongate.dataplane.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A DNS server for tests: names with a trailing dot to addresses, one TTL for all; anything else does not exist. */
public final class TinyDns implements AutoCloseable {
    private static final int A = 1;
    private static final int AAAA = 28;

    private final DatagramSocket socket;
    private final Map<String, List<String>> names;
    private final int ttlSeconds;
    private final AtomicInteger queries = new AtomicInteger();

    public TinyDns(int ttlSeconds, Map<String, List<String>> names) throws IOException {
        this.names = names;
        this.ttlSeconds = ttlSeconds;
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().start(this::serve);
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    public int queries() {
        return queries.get();
    }

    private void serve() {
        var packet = new DatagramPacket(new byte[512], 512);
        try {
            while (true) {
                socket.receive(packet);
                queries.incrementAndGet();
                byte[] answer = answer(packet.getData(), packet.getLength());
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (IOException closed) {
            // The end of the test.
        }
    }

    private byte[] answer(byte[] query, int length) throws IOException {
        var name = new StringBuilder();
        int at = 12;
        for (int label = query[at]; label != 0; label = query[at]) {
            name.append(new String(query, at + 1, label)).append('.');
            at += label + 1;
        }
        int type = query[at + 2];
        int questionEnd = at + 5;
        List<String> known = names.get(name.toString());
        List<InetAddress> addresses = known == null
                ? List.of()
                : known.stream()
                        .map(InetAddress::ofLiteral)
                        .filter(a -> a.getAddress().length == (type == A ? 4 : 16) && (type == A || type == AAAA))
                        .toList();
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.write(query, 0, 2);
        out.writeShort(known == null ? 0x8183 : 0x8180);
        out.writeShort(1);
        out.writeShort(addresses.size());
        out.writeInt(0);
        out.write(query, 12, questionEnd - 12);
        for (InetAddress address : addresses) {
            out.writeShort(0xc00c);
            out.writeShort(type);
            out.writeShort(1);
            out.writeInt(ttlSeconds);
            out.writeShort(address.getAddress().length);
            out.write(address.getAddress());
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}
