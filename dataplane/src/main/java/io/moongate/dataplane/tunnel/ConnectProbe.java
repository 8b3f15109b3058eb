package io.moongate.dataplane.tunnel;

import io.moongate.model.destination.Destination;
import io.moongate.model.destination.Entrance;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Opens one tunnel as a shoot's client would, sends the first message of the peer's own protocol, and waits for the
 * first byte of its answer: only that shows that the way is open to its end.
 */
public final class ConnectProbe {
    private static final int LONGEST_ANSWER = 8192;

    private final String gateway;
    private final int port;
    private final Entrance entrance;
    private final Destination destination;
    private final Duration timeout;

    public ConnectProbe(String gateway, int port, Entrance entrance, Destination destination, Duration timeout) {
        this.gateway = gateway;
        this.port = port;
        this.entrance = entrance;
        this.destination = destination;
        this.timeout = timeout;
    }

    /** How far the probe came. */
    public enum Stage {
        RESOLVE,
        CONNECT,
        ANSWER,
        FIRST_BYTE
    }

    /**
     * @param reached the last stage that was tried
     * @param open whether the peer's protocol answered
     * @param explanation for people: what happened and what it means
     */
    public record Outcome(Stage reached, boolean open, int status, String explanation, long millis) {}

    public Outcome run() {
        long start = System.nanoTime();
        Verdict verdict = attempt();
        return new Outcome(
                verdict.stage, verdict.open, verdict.status, verdict.text, (System.nanoTime() - start) / 1_000_000);
    }

    private record Verdict(Stage stage, boolean open, int status, String text) {}

    private Verdict attempt() {
        InetAddress address;
        try {
            address = InetAddress.getByName(gateway);
        } catch (UnknownHostException e) {
            return new Verdict(
                    Stage.RESOLVE,
                    false,
                    0,
                    "the gateway's name " + gateway + " does not resolve; check DNS, or give another with --gateway");
        }
        try (var socket = new Socket()) {
            socket.setSoTimeout((int) timeout.toMillis());
            socket.connect(new InetSocketAddress(address, port), (int) timeout.toMillis());
            return tunnel(socket);
        } catch (SocketTimeoutException e) {
            return new Verdict(
                    Stage.CONNECT,
                    false,
                    0,
                    "nothing answers on " + gateway + " port " + port
                            + ": a firewall or load balancer drops the connection");
        } catch (ConnectException e) {
            return new Verdict(
                    Stage.CONNECT,
                    false,
                    0,
                    "nobody listens on " + gateway + " port " + port
                            + ": the gateway is down, or this port is not open");
        } catch (IOException e) {
            return new Verdict(
                    Stage.CONNECT,
                    false,
                    0,
                    "the connection to " + gateway + " port " + port + " broke: " + e.getMessage());
        }
    }

    private Verdict tunnel(Socket socket) throws IOException {
        // As an old client writes it: the least that every gateway takes.
        String request = "CONNECT " + destination.dnsName() + ":"
                + destination.server().port() + " HTTP/1.1\r\nHost: " + destination.dnsName() + "\r\n"
                + entrance.header() + ": " + destination.headerValue() + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String head;
        try {
            head = readHead(socket.getInputStream());
        } catch (SocketTimeoutException e) {
            return new Verdict(
                    Stage.ANSWER,
                    false,
                    0,
                    "the port is open but does not answer the CONNECT: something else than a gateway listens there, or it expects a PROXY header first");
        }
        String[] words = head.split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("\\d{3}")) {
            return new Verdict(
                    Stage.ANSWER,
                    false,
                    0,
                    head.isEmpty()
                            ? "the port closes the connection without an answer: it demands a PROXY header (Strict), or is no gateway"
                            : "what answers there does not speak HTTP");
        }
        int status = Integer.parseInt(words[1]);
        return status == 200
                ? firstByte(socket)
                : new Verdict(Stage.ANSWER, false, status, FirstBytes.explain(status, entrance, destination));
    }

    private Verdict firstByte(Socket socket) throws IOException {
        FirstBytes protocol = FirstBytes.of(destination.server());
        socket.getOutputStream().write(protocol.hello());
        try {
            byte[] answer = protocol.readStart(socket.getInputStream());
            String text = protocol.judge(answer);
            return new Verdict(Stage.FIRST_BYTE, protocol.isExpected(answer), 200, text);
        } catch (SocketTimeoutException e) {
            return new Verdict(
                    Stage.FIRST_BYTE,
                    false,
                    200,
                    "the tunnel is up, but " + destination.server().service() + " says nothing within "
                            + timeout.toSeconds() + " s");
        } catch (IOException e) {
            return new Verdict(Stage.FIRST_BYTE, false, 200, "the tunnel came up and broke: " + e.getMessage());
        }
    }

    /** Up to the empty line and not a byte further: what follows belongs to the peer. */
    private static String readHead(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (head.size() < LONGEST_ANSWER) {
            int b = in.read();
            if (b < 0) {
                break;
            }
            head.write(b);
            if (b == '\n' && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                break;
            }
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }
}
