package io.moongate.dataplane.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import org.junit.jupiter.api.Test;

/** What is kept of an HTTP/2 request head. */
class Http2HeadTest {
    private static Http2Headers connect() {
        return new DefaultHttp2Headers().method("CONNECT").authority("a:1").add("x-gardener-destination", "b");
    }

    @Test
    void onlyWhatADecisionLooksAt() {
        Http2Headers headers = connect();
        for (int i = 0; i < 400; i++) {
            headers.add("x" + i, "y");
        }
        assertThat(Http2Head.parse(headers).orElseThrow().headers())
                .extracting(RequestHead.Header::name)
                .containsExactly("host", "x-gardener-destination");
    }

    @Test
    void ofThatABoundedNumber() {
        Http2Headers headers = connect();
        while (headers.size() - 1 < Http2Head.MOST_USED) {
            headers.add("reversed-vpn", "b");
        }
        assertThat(Http2Head.parse(headers)).isPresent();
        headers.add("reversed-vpn", "b");
        assertThat(Http2Head.parse(headers)).isEmpty();
    }
}
