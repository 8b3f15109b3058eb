package io.moongate.conformance.fuzz;

import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Fuzz target for the first bytes of a connection to a whole gateway. The first byte of an input chooses the listener,
 * how the bytes are cut and how the connection ends; the others are sent as they are.
 */
public final class ReceptionFuzzer {
    static final int LEGACY = 1;
    static final int CUT = 2;
    static final int RESET = 4;

    private ReceptionFuzzer() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        LiveGateway.get().survives(new First(input));
    }

    /** In messages it is the input. */
    private record First(byte[] input) implements LiveGateway.Attack {
        @Override
        public void run() throws IOException {
            var bytes = new Bytes(input);
            int choice = bytes.next();
            byte[] first = bytes.rest();
            Entrance entrance = (choice & LEGACY) == 0 ? Entrance.UNIFIED : Entrance.LEGACY;
            try (var exchange = new Exchange(LiveGateway.get().address(entrance))) {
                Check.that(exchange.send(pieces(first, choice), received -> true), "the gateway does not read");
                if ((choice & RESET) != 0) {
                    exchange.resetAtClose();
                } else {
                    Check.that(exchange.finish(), "neither answered nor closed");
                    checkAnswer(exchange.received());
                }
            }
        }

        private static List<byte[]> pieces(byte[] all, int choice) {
            if ((choice & CUT) == 0) {
                return List.of(all);
            }
            var pieces = new ArrayList<byte[]>();
            int length = 1 + (choice >> 3);
            for (int at = 0; at < all.length; at += length) {
                pieces.add(Arrays.copyOfRange(all, at, Math.min(all.length, at + length)));
            }
            return pieces;
        }

        /** Nothing, an answer of HTTP/1, or the SETTINGS frame with which HTTP/2 begins. */
        private static void checkAnswer(byte[] answer) {
            String text = new String(answer, StandardCharsets.ISO_8859_1);
            boolean http2 = answer.length > 9 && answer[3] == 4 && answer[0] == 0;
            Check.that(
                    text.isEmpty() || http2 || text.matches("(?s)HTTP/1\\.[01] (200|301|400|403|408|431|503) .*"),
                    "an answer that is none: " + text);
        }

        @Override
        public String toString() {
            return HexFormat.of().formatHex(input);
        }
    }
}
