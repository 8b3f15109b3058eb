package io.moongate.conformance.fuzz;

import io.moongate.dataplane.wire.Answers;
import io.moongate.dataplane.wire.HeadParser;
import io.moongate.dataplane.wire.HeadScanner;
import io.moongate.dataplane.wire.ProxyHeader;
import io.moongate.dataplane.wire.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;

/**
 * Fuzz target for the first bytes of a connection. No input may throw, and the same bytes must mean the same however
 * they are cut; a head that is accepted holds no byte that another reader could take for a line end.
 */
public final class HeadFuzzer {
    private HeadFuzzer() {}

    public static void fuzzerTestOneInput(byte[] input) {
        ByteBuf whole = Unpooled.wrappedBuffer(input);
        ProxyHeader proxy = ProxyHeader.read(whole);
        if (proxy instanceof ProxyHeader.Client client) {
            Check.that(client.length() <= input.length && client.length() >= 16, "length of the PROXY header");
            whole.skipBytes(client.length());
        } else if (proxy instanceof ProxyHeader.Peer peer) {
            Check.that(peer.length() <= input.length, "length of the PROXY header");
            whole.skipBytes(peer.length());
        }
        var atOnce = new HeadScanner();
        HeadScanner.State state = atOnce.scan(whole);
        var inPieces = new HeadScanner();
        HeadScanner.State pieces = HeadScanner.State.INCOMPLETE;
        for (int end = 1; end <= whole.readableBytes() && pieces == HeadScanner.State.INCOMPLETE; end++) {
            pieces = inPieces.scan(whole.slice(whole.readerIndex(), end));
        }
        Check.that(state == pieces, "the same bytes in pieces");
        if (state == HeadScanner.State.COMPLETE) {
            Optional<RequestHead> head = HeadParser.parse(whole, atOnce.length());
            head.ifPresent(HeadFuzzer::checkHead);
        }
    }

    private static void checkHead(RequestHead head) {
        for (RequestHead.Header header : head.headers()) {
            Check.that(!header.name().isEmpty() && header.name().strip().equals(header.name()), "header name");
            Check.that(header.value().chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0), "header value");
        }
        Answers.location(head)
                .ifPresent(l -> Check.that(
                        l.startsWith("https://") && l.chars().allMatch(c -> c > 0x20 && c < 0x7f), "location " + l));
    }
}
