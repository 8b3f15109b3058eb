package io.moongate.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.dataplane.wire.Http2Budget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A DATA frame that waits keeps at most four times its bytes, however large the read was that brought it. */
class UnreadFramesTest {
    private static final int READ = 64 * 1024;

    @ParameterizedTest
    @CsvSource({"1, false", "1400, false", "16383, false", "16384, true", "65000, true"})
    void aSmallFrameKeepsNoLargeRead(int size, boolean kept) {
        var channel = new EmbeddedChannel(new UnreadFrames(new Http2Budget(System::nanoTime, () -> {})));
        ByteBuf read = PooledByteBufAllocator.DEFAULT.buffer(READ).writeZero(READ);
        read.setByte(100, 42);
        channel.writeInbound(new DefaultHttp2DataFrame(read.retainedSlice(100, size), true, 7));
        read.release();
        assertThat(read.refCnt()).isEqualTo(kept ? 1 : 0);
        Http2DataFrame frame = channel.readInbound();
        assertThat(frame.content().readableBytes()).isEqualTo(size);
        assertThat(frame.content().getByte(frame.content().readerIndex())).isEqualTo((byte) 42);
        assertThat(frame.isEndStream()).isTrue();
        assertThat(frame.initialFlowControlledBytes())
                .as("what the window is given back")
                .isEqualTo(size + 7);
        frame.release();
        assertThat(read.refCnt()).isZero();
        channel.finishAndReleaseAll();
    }
}
