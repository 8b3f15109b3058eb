package io.moongate.conformance.fuzz;

import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;

/**
 * Fuzz target for HTTP/2 frames on a whole gateway. The input chooses frames ({@link FrameMaker}) and how the
 * connection ends. If the frames have the lengths that they declare, a PING behind them is answered, or the connection
 * ends.
 */
public final class Http2Fuzzer {
    static final int RESET = 1;
    static final int FINISH = 2;

    private static final long MAGIC = 0x6d6f6f6e67617465L;
    private static final byte[] PING = ByteBuffer.allocate(17)
            .putInt(0x00000806)
            .putInt(0)
            .put((byte) 0)
            .putLong(MAGIC)
            .array();
    private static final byte[] ANSWER = ByteBuffer.allocate(17)
            .putInt(0x00000806)
            .put((byte) 1)
            .putInt(0)
            .putLong(MAGIC)
            .array();

    private Http2Fuzzer() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        LiveGateway.get().survives(new Frames(input));
    }

    /** In messages it is the input. */
    private record Frames(byte[] input) implements LiveGateway.Attack {
        @Override
        public void run() throws IOException {
            var bytes = new Bytes(input);
            int choice = bytes.next();
            var frames = new FrameMaker(bytes);
            byte[] wire = frames.make();
            try (var exchange = new Exchange(LiveGateway.get().address(Entrance.UNIFIED))) {
                if (frames.isInStep()) {
                    boolean over = exchange.send(List.of(wire, PING), Frames::answersPing);
                    Check.that(over, "a PING is not answered, nor is the connection closed");
                } else {
                    exchange.send(List.of(wire), received -> true);
                }
                if ((choice & FINISH) != 0) {
                    Check.that(exchange.finish(), "the connection does not end after the client's");
                }
                if ((choice & RESET) != 0) {
                    exchange.resetAtClose();
                }
            }
        }

        private static boolean answersPing(byte[] received) {
            for (int at = received.length - ANSWER.length; at >= 0; at--) {
                if (java.util.Arrays.equals(received, at, at + ANSWER.length, ANSWER, 0, ANSWER.length)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public String toString() {
            return HexFormat.of().formatHex(input);
        }
    }
}
