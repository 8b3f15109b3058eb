package io.moongate.dataplane.tunnel;

import io.moongate.model.destination.Destination;
import io.moongate.model.destination.Destination.Server;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** The first message of each peer's protocol, and what its answer must begin with. */
enum FirstBytes {
    TLS {
        @Override
        byte[] hello() throws IOException {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, null, null);
                SSLEngine engine = context.createSSLEngine("kubernetes.default", 443);
                engine.setUseClientMode(true);
                var hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
                engine.wrap(ByteBuffer.allocate(0), hello);
                hello.flip();
                var bytes = new byte[hello.remaining()];
                hello.get(bytes);
                return bytes;
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
        }

        @Override
        boolean isExpected(byte[] answer) {
            // A handshake record that holds a ServerHello: 16 03 xx, length, 02. An alert (15 ...) is TLS as well.
            return answer.length >= 3 && (answer[0] == 0x16 || answer[0] == 0x15) && answer[1] == 0x03;
        }

        @Override
        String title() {
            return "a TLS ServerHello";
        }
    },
    OPENVPN {
        @Override
        byte[] hello() {
            // Over TCP: length, P_CONTROL_HARD_RESET_CLIENT_V2, session id, no acknowledgements, packet id 0.
            var packet = ByteBuffer.allocate(16);
            var session = new byte[8];
            new SecureRandom().nextBytes(session);
            packet.putShort((short) 14)
                    .put((byte) (7 << 3))
                    .put(session)
                    .put((byte) 0)
                    .putInt(0);
            return packet.array();
        }

        @Override
        boolean isExpected(byte[] answer) {
            // P_CONTROL_HARD_RESET_SERVER_V2, any key.
            return answer.length >= 3 && (answer[2] & 0xff) >> 3 == 8;
        }

        @Override
        String title() {
            return "an OpenVPN reset reply";
        }
    };

    static FirstBytes of(Server server) {
        return server == Server.KUBE_APISERVER ? TLS : OPENVPN;
    }

    abstract byte[] hello() throws IOException;

    abstract boolean isExpected(byte[] answer);

    abstract String title();

    byte[] readStart(InputStream in) throws IOException {
        return in.readNBytes(3);
    }

    String judge(byte[] answer) {
        if (isExpected(answer)) {
            return "open to its end: the peer answered with " + title();
        }
        if (answer.length == 0) {
            return this == OPENVPN
                    ? "the tunnel is up, but the server closed it without an answer: with tls-auth or tls-crypt it answers only clients that have its key"
                    : "the tunnel is up, but the peer closed it without an answer";
        }
        return "the tunnel is up, but what answers is not " + title()
                + ": the destination's endpoint is something else";
    }

    static String explain(int status, Entrance entrance, Destination destination) {
        return switch (status) {
            case 301 ->
                "refused: the gateway has no route for '" + destination.headerValue() + "' under the header "
                        + entrance.header() + "; the shoot is not in its plan, or this port routes by another header";
            case 403 -> "refused: this client's address is not in the shoot's access list";
            case 400 -> "refused as malformed: something between here and the gateway changes the request";
            case 408, 431 -> "refused: the gateway did not get the request head in time or in size";
            case 503 ->
                "the gateway knows the destination but cannot reach it: no endpoint, nobody listens there, a limit is reached, or it drains; its access log says which";
            default -> "unexpected answer " + status + ": this is not a gateway's";
        };
    }
}
