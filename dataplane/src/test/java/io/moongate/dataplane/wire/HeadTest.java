package io.moongate.dataplane.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CONNECT a:1 HTTP/1.1\n\n",
                "CONNECT a:1 HTTP/1.1\r\nHost: a\n\r\n",
                "CONNECT a:1 HTTP/1.1\r\n folded: a\r\n\r\n",
                "CONNECT a:1 HTTP/1.1\r\nA: 1\r\n\t2\r\n\r\n",
                "CONNECT a:1 HTTP/1.1\r\nA: \u0000\r\n\r\n",
                "CONNECT a:1 HTTP/1.1\r\nA: 1\r2\r\n\r\n",
                "CONNECT a:1 HTTP/1.1\r\nA : 1\r\n\r\n",
                "CONNECT a:1 HTTP/1.1\r\n: 1\r\n\r\n",
                "CONNECT a:1 HTTP/1.1\r\nno colon\r\n\r\n",
                "CONNECT  a:1 HTTP/1.1\r\n\r\n",
                "CONNECT a:1 HTTP/2.0\r\n\r\n",
                "CONNECT a:1 HTTP/1.2\r\n\r\n",
                "CONNECT a:1\r\n\r\n",
                "C(NNECT a:1 HTTP/1.1\r\n\r\n",
                "CONNECT a\u0080:1 HTTP/1.1\r\n\r\n",
                "\nCONNECT a:1 HTTP/1.1\r\n\r\n",
                "\r\n\nCONNECT a:1 HTTP/1.1\r\n\r\n",
                "\r\rCONNECT a:1 HTTP/1.1\r\n\r\n",
                "\r\n CONNECT a:1 HTTP/1.1\r\n\r\n",
                "\r\n\r\n",
                "\r\nPRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "CONNECT a:1 HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
                "CONNECT a:1 HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\nCONNECT a:1 HTTP/1.1\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
            })
    void whatCouldBeReadInTwoWaysIsMalformed(String text) {
        assertThat(parse(text)).isEmpty();
    }

    @Test
    void aHeadIsFoundHoweverItsBytesArrive() {
        String head = "CONNECT a:1 HTTP/1.0\r\nX-Gardener-Destination:  value with \t space \r\nx: \u00e9\r\n\r\n";
        for (int cut = 1; cut < head.length(); cut++) {
            var scanner = new HeadScanner();
            ByteBuf buffer = Unpooled.buffer();
            buffer.writeCharSequence(head.substring(0, cut), StandardCharsets.ISO_8859_1);
            assertThat(scanner.scan(buffer)).isEqualTo(HeadScanner.State.INCOMPLETE);
            buffer.writeCharSequence(head.substring(cut) + "payload", StandardCharsets.ISO_8859_1);
            assertThat(scanner.scan(buffer)).isEqualTo(HeadScanner.State.COMPLETE);
            assertThat(scanner.length()).isEqualTo(head.length());
            RequestHead parsed = HeadParser.parse(buffer, scanner.length()).orElseThrow();
            assertThat(parsed.http10()).isTrue();
            assertThat(parsed.values("x-gardener-destination")).containsExactly("value with \t space");
        }
    }

    /** RFC 9112, 2.2. */
    @Test
    void emptyLinesBeforeTheRequestLineAreIgnored() {
        String request = "CONNECT a:1 HTTP/1.1\r\nx: y\r\n\r\n";
        for (int lines = 0; lines <= HeadScanner.MOST_EMPTY_LINES; lines++) {
            assertThat(parse("\r\n".repeat(lines) + request).orElseThrow().first("x"))
                    .contains("y");
            ByteBuf buffer =
                    Unpooled.copiedBuffer("\r\n".repeat(lines) + request + "payload", StandardCharsets.ISO_8859_1);
            var scanner = new HeadScanner();
            assertThat(scanner.scan(buffer)).isEqualTo(HeadScanner.State.COMPLETE);
            assertThat(HeadParser.parse(buffer, scanner.length()).orElseThrow().length())
                    .isEqualTo(2 * lines + request.length());
        }
        assertThat(parse("\r\n".repeat(HeadScanner.MOST_EMPTY_LINES + 1) + request))
                .isEmpty();
    }

    @Test
    void theLocationOfARedirectHoldsNothingThatAClientMadeUp() {
        assertThat(location("GET /a?b=c HTTP/1.1\r\nHost: api.example:8443\r\n\r\n"))
                .contains("https://api.example:443/a?b=c");
        assertThat(location("GET http://x.example:80/p HTTP/1.1\r\nHost: other\r\n\r\n"))
                .contains("https://x.example:443/p");
        assertThat(location("GET / HTTP/1.1\r\nHost: [2001:db8::1]:8443\r\n\r\n"))
                .contains("https://[2001:db8::1]:443/");
        assertThat(location("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")).contains("https://a:443/");
        assertThat(location("GET / HTTP/1.1\r\nHost: a/evil@b\r\n\r\n")).isEmpty();
        assertThat(location("GET / HTTP/1.0\r\n\r\n")).isEmpty();
        assertThat(location("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n")).isEmpty();
    }

    private static Optional<String> location(String head) {
        return Answers.location(parse(head).orElseThrow());
    }

    private static Optional<RequestHead> parse(String text) {
        ByteBuf buffer = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
        var scanner = new HeadScanner();
        return scanner.scan(buffer) == HeadScanner.State.COMPLETE
                ? HeadParser.parse(buffer, scanner.length())
                : Optional.empty();
    }
}
