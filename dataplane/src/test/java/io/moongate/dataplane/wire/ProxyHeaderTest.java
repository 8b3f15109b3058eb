package io.moongate.dataplane.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
    private static final String V2 = "0d0a0d0a000d0a515549540a";

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 203.0.113.7 10.0.0.1 4711 8443, 203.0.113.7, 4711",
        "PROXY TCP6 2001:db8::7 2001:db8::1 4711 8443, 2001:db8:0:0:0:0:0:7, 4711"
    })
    void version1NamesTheClient(String line, String host, int port) {
        var header = (ProxyHeader.Client) read(line + "\r\nCONNECT");
        assertThat(header.address().getAddress().getHostAddress()).isEqualTo(host);
        assertThat(header.address().getPort()).isEqualTo(port);
        assertThat(header.length()).isEqualTo(line.length() + 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4 203.0.113.7 10.0.0.1 4711\r\n",
                "PROXY TCP4 203.0.113.7 10.0.0.1 4711 99999\r\n",
                "PROXY TCP4 2001:db8::7 10.0.0.1 1 2\r\n",
                "PROXY TCP4 203.0.113 10.0.0.1 1 2\r\n",
                "PROXY UDP4 203.0.113.7 10.0.0.1 1 2\r\n",
                "PROXY TCP4 203.0.113.7 10.0.0.1 1 2\n",
                "PROXY TCP4 203.0.113.7  10.0.0.1 1 2\r\n"
            })
    void version1IsStrict(String line) {
        assertThat(read(line)).isInstanceOf(ProxyHeader.Malformed.class);
    }

    @Test
    void aLineWithoutEndIsMalformedAfter107Bytes() {
        assertThat(read("PROXY " + "x".repeat(90))).isInstanceOf(ProxyHeader.Started.class);
        assertThat(read("PROXY " + "x".repeat(101))).isInstanceOf(ProxyHeader.Malformed.class);
    }

    @Test
    void version2NamesTheClientAndSkipsExtensions() {
        var header = (ProxyHeader.Client)
                hex(V2 + "2111" + "000f" + "cb007107" + "0a000001" + "1267" + "20fb" + "040000" + "434f");
        assertThat(header.address().getAddress().getHostAddress()).isEqualTo("203.0.113.7");
        assertThat(header.address().getPort()).isEqualTo(0x1267);
        assertThat(header.length()).isEqualTo(31);
        var v6 = (ProxyHeader.Client) hex(V2 + "2121" + "0024" + "20010db8000000000000000000000007"
                + "20010db8000000000000000000000001" + "1267" + "20fb");
        assertThat(v6.address().getAddress().getHostAddress()).isEqualTo("2001:db8:0:0:0:0:0:7");
    }

    @Test
    void aMappedAddressIsAnIpv4Address() {
        var header = (ProxyHeader.Client) hex(V2 + "2121" + "0024" + "00000000000000000000ffffcb007107"
                + "20010db8000000000000000000000001" + "1267" + "20fb");
        assertThat(header.address().getAddress().getHostAddress()).isEqualTo("203.0.113.7");
    }

    @Test
    void localAndUnknownSpeakForThePeer() {
        assertThat(hex(V2 + "2000" + "0000")).isEqualTo(new ProxyHeader.Peer(16));
        assertThat(hex(V2 + "2100" + "0000")).isEqualTo(new ProxyHeader.Peer(16));
        assertThat(read("PROXY UNKNOWN ffff::1 a b c\r\n")).isEqualTo(new ProxyHeader.Peer(29));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1111000c", "2211000c", "21110004", "2131000c", "2111ffff", "2112000c"})
    void version2IsStrict(String rest) {
        assertThat(hex(V2 + rest + "00".repeat(12))).isInstanceOf(ProxyHeader.Malformed.class);
    }

    @Test
    void nothingIsDecidedBeforeItIsCertain() {
        String header = V2 + "2111" + "000c" + "cb007107" + "0a000001" + "1267" + "20fb";
        for (int bytes = 1; bytes < header.length() / 2; bytes++) {
            assertThat(hex(header.substring(0, 2 * bytes)))
                    .isInstanceOfAny(ProxyHeader.Undecided.class, ProxyHeader.Started.class);
        }
        assertThat(read("P")).isInstanceOf(ProxyHeader.Undecided.class);
        assertThat(read("PUT")).isInstanceOf(ProxyHeader.Absent.class);
        assertThat(read("CONNECT")).isInstanceOf(ProxyHeader.Absent.class);
    }

    private static ProxyHeader read(String text) {
        return ProxyHeader.read(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    private static ProxyHeader hex(String bytes) {
        ByteBuf buffer = Unpooled.wrappedBuffer(HexFormat.of().parseHex(bytes));
        return ProxyHeader.read(buffer);
    }
}
