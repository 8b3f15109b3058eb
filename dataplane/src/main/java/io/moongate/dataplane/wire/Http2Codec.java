package io.moongate.dataplane.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameLogger;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.logging.LogLevel;

/**
 * Netty's HTTP/2 codec as a server of tunnels needs it. {@link Http2Budget} replaces its own limits on resets and empty
 * frames: they see neither CANCEL, with which the multiplexer resets a stream after a client's error, nor most frames.
 */
public final class Http2Codec extends Http2FrameCodecBuilder {
    public static final int MAX_STREAMS = 100;
    private static final int STREAM_WINDOW = 64 * 1024;
    private static final int CONNECTION_WINDOW = 1024 * 1024;
    /** What the connection's window has to grow by from the protocol's default. */
    public static final int CONNECTION_WINDOW_INCREMENT = CONNECTION_WINDOW - 65_535;

    /** Called for streams that the gateway resets, also for those that were never opened. */
    public interface Resets {
        void reset(int stream, long error);
    }

    private Http2Codec(int headBytes, Http2Budget budget, Resets resets) {
        var connection = new DefaultHttp2Connection(true, 0);
        // The connection's window is refilled as bytes arrive, the streams' as they are taken: else 16 streams whose
        // destinations are slow would stop all others. What can pile up is bounded by streams times their window.
        connection
                .local()
                .flowController(new DefaultHttp2LocalFlowController(
                        connection, DefaultHttp2LocalFlowController.DEFAULT_WINDOW_UPDATE_RATIO, true));
        connection(connection);
        gracefulShutdownTimeoutMillis(0);
        initialSettings(Http2Settings.defaultSettings()
                .maxConcurrentStreams(MAX_STREAMS)
                .initialWindowSize(STREAM_WINDOW)
                .maxHeaderListSize(headBytes));
        // Answers never enter the table that the client sizes: it would hold what the client wants it to hold.
        headerSensitivityDetector(Http2HeadersEncoder.ALWAYS_SENSITIVE);
        decoderEnforceMaxRstFramesPerWindow(0, 0);
        encoderEnforceMaxRstFramesPerWindow(0, 0);
        decoderEnforceMaxConsecutiveEmptyDataFrames(0);
        frameLogger(new Http2FrameLogger(LogLevel.TRACE) {
            @Override
            public void logRstStream(Direction direction, ChannelHandlerContext ctx, int stream, long error) {
                super.logRstStream(direction, ctx, stream, error);
                if (direction == Direction.OUTBOUND) {
                    budget.reset();
                    resets.reset(stream, error);
                }
            }

            @Override
            public void logData(
                    Direction direction,
                    ChannelHandlerContext ctx,
                    int stream,
                    ByteBuf data,
                    int padding,
                    boolean endStream) {
                super.logData(direction, ctx, stream, data, padding, endStream);
                if (direction == Direction.OUTBOUND) {
                    budget.dataSent();
                }
            }
        });
    }

    public static Http2FrameCodec create(int headBytes, Http2Budget budget, Resets resets) {
        return new Http2Codec(headBytes, budget, resets).build();
    }
}
