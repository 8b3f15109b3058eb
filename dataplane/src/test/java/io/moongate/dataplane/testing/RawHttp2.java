package io.moongate.dataplane.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP/2 client that sends any frames, also those that no library sends, and reads what comes back. */
public final class RawHttp2 implements AutoCloseable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH_PROMISE = 5;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;
    public static final int END_STREAM = 1;
    public static final int ACK = 1;
    public static final int END_HEADERS = 4;
    public static final int PADDED = 8;
    public static final int ENHANCE_YOUR_CALM = 11;

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket = new Socket();
    private final CompletableFuture<Integer> goAway = new CompletableFuture<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final Map<Integer, CompletableFuture<Integer>> first = new ConcurrentHashMap<>();
    private final AtomicInteger data = new AtomicInteger();
    private final AtomicInteger pings = new AtomicInteger();
    private final AtomicInteger windowIncrements = new AtomicInteger();
    private final List<Integer> lastStreams = new CopyOnWriteArrayList<>();

    public RawHttp2(InetSocketAddress gateway) throws IOException {
        this(gateway, 0);
    }

    /** @param receiveBuffer the kernel's, in bytes; 0 for its own choice */
    public RawHttp2(InetSocketAddress gateway, int receiveBuffer) throws IOException {
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setTcpNoDelay(true);
        socket.connect(gateway, 10_000);
        send(PREFACE);
        send(frame(SETTINGS, 0, 0));
    }

    /** Reads from now on; a client that does not is one that lets answers pile up. */
    public RawHttp2 reading() {
        Thread.ofVirtual().start(this::readAll);
        return this;
    }

    private void readAll() {
        try {
            var in = new DataInputStream(socket.getInputStream());
            while (true) {
                int lengthAndType = in.readInt();
                in.readByte();
                int stream = in.readInt();
                byte[] payload = in.readNBytes(lengthAndType >>> 8);
                int type = lengthAndType & 0xff;
                switch (type) {
                    case GOAWAY -> {
                        lastStreams.add(ByteBuffer.wrap(payload).getInt(0));
                        goAway.complete(ByteBuffer.wrap(payload).getInt(4));
                    }
                    case DATA -> data.incrementAndGet();
                    case WINDOW_UPDATE -> {
                        if (stream == 0) {
                            windowIncrements.addAndGet(ByteBuffer.wrap(payload).getInt());
                        }
                    }
                    case PING -> pings.incrementAndGet();
                    case HEADERS, RST_STREAM -> answer(stream).complete(type);
                    default -> {}
                }
            }
        } catch (IOException over) {
            end.complete(null);
            goAway.completeExceptionally(over);
        }
    }

    private CompletableFuture<Integer> answer(int stream) {
        return first.computeIfAbsent(stream, s -> new CompletableFuture<>());
    }

    public static byte[] frame(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    public static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    /** HEADERS with a CONNECT to this header's value. */
    public static byte[] connect(int stream, int flags, String header, String value) {
        return frame(HEADERS, flags | END_HEADERS, stream, connectBlock(header, value));
    }

    public static byte[] connectBlock(String header, String value) {
        var block = new ByteArrayOutputStream();
        block.write(2);
        literal(block, "CONNECT");
        block.write(1);
        literal(block, "a:1");
        block.write(0);
        literal(block, header.toLowerCase(Locale.ROOT));
        literal(block, value);
        return block.toByteArray();
    }

    private static void literal(ByteArrayOutputStream block, String text) {
        if (text.length() > 126) {
            throw new IllegalArgumentException("too long for a length of one byte: " + text);
        }
        block.write(text.length());
        block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    public RawHttp2 send(byte[]... frames) throws IOException {
        var all = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            all.writeBytes(frame);
        }
        socket.getOutputStream().write(all.toByteArray());
        return this;
    }

    /** The type of the first frame that answers this stream: HEADERS or RST_STREAM. */
    public int awaitAnswer(int stream) {
        return answer(stream).orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** The code of the GOAWAY, which must come. */
    public int awaitGoAway() {
        return goAway.orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** The last stream that each GOAWAY so far has named. */
    public List<Integer> lastStreams() {
        return lastStreams;
    }

    public void awaitEnd() {
        end.orTimeout(20, TimeUnit.SECONDS).join();
    }

    public boolean isOver() {
        return end.isDone();
    }

    public boolean wasSentAway() {
        return goAway.isDone();
    }

    /** DATA frames so far. */
    public int data() {
        return data.get();
    }

    /** By how much the connection's window has grown. */
    public int windowIncrements() {
        return windowIncrements.get();
    }

    public int pings() {
        return pings.get();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
