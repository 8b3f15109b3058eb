package io.moongate.dataplane.gateway;

import io.moongate.dataplane.memory.Backlog;
import io.moongate.dataplane.record.TunnelRecord;
import io.moongate.dataplane.wire.Http2Budget;
import io.moongate.dataplane.wire.Http2Codec;
import io.moongate.dataplane.wire.Http2Meter;
import io.moongate.model.destination.Entrance;
import io.moongate.model.tunnel.Flag;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection that began with the HTTP/2 preface, and its streams; each stream is a request of its own ({@link
 * Http2Stream}). While none of them holds a place among the tunnels it is one of {@link Waiting}, for as long as
 * a request head may take. When it is to go away, and after a refusal without a tunnel, it takes no more streams and
 * ends with its last one; it ends at once when its {@link Http2Budget} is spent.
 */
final class Http2Connection extends ChannelInboundHandlerAdapter implements Waiting.Connection {
    private static final String METER = "meter";
    private static final long AT_MOST_MILLIS = 1000;
    private static final int UNAVAILABLE = 503;
    /** A 503 is seldom the client's fault, but it is not free either. */
    private static final int FRAMES_PER_UNAVAILABLE = 10;

    private final Core core;
    private final TunnelRecord record;
    private final Http2Budget budget;
    private final UnreadFrames unread;
    private final ChannelHandlerContext context;
    /** Of what the connection holds beside its streams. */
    private final Backlog.Account account;

    private long counted;
    private final Set<Channel> streams = new HashSet<>();
    /** Those with a place among the tunnels. */
    private final Set<Channel> holding = new HashSet<>();

    /** What the bytes of one read have asked for. */
    private List<Runnable> afterRead = new ArrayList<>();

    private @Nullable ScheduledFuture<?> timeout;
    private int lastStream;
    private boolean waits;
    private boolean goingAway;
    private boolean over;

    private Http2Connection(Core core, TunnelRecord record, ChannelPipeline pipeline) {
        this.core = core;
        this.record = record;
        this.budget = new Http2Budget(System::nanoTime, this::budgetSpent);
        this.unread = new UnreadFrames(budget);
        pipeline.addLast("connection", this);
        this.context = pipeline.context(this);
        this.account = core.backlog.open(
                context.executor(),
                record.client().getAddress(),
                Optional.empty(),
                () -> core.recorder.defects().guard(this::giveUp));
    }

    /** The memory for what the connection holds is needed elsewhere. */
    private void giveUp() {
        stop(Flag.UNREAD);
        budget.spend();
    }

    private void holds(long bytes) {
        account.add(bytes - counted);
        counted = bytes;
    }

    void waitsIn(Http2StreamChannel stream, Backlog.Account ofStream) {
        unread.waitsIn(stream, ofStream);
    }

    /**
     * Takes over a connection whose first bytes are the preface.
     *
     * @param attempt whose handler read them; that handler is removed
     */
    static void take(Core core, Attempt attempt) {
        ChannelHandlerContext ctx = attempt.context();
        TunnelRecord record = attempt.record();
        ChannelPipeline pipeline = ctx.pipeline();
        // A FIN ends all streams at once: HTTP/2 has ends of its own.
        ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        var connection = new Http2Connection(core, record, pipeline);
        var codec = Http2Codec.create(
                core.rules().settings().limits().headBytes(),
                connection.budget,
                (stream, error) -> connection.neverOpened(stream, error));
        var streams = new ChannelInitializer<Http2StreamChannel>() {
            @Override
            protected void initChannel(Http2StreamChannel stream) {
                connection.opened(stream);
            }
        };
        pipeline.addBefore("connection", METER, new Http2Meter(connection.budget, connection::holds));
        pipeline.addBefore("connection", "http2", codec);
        pipeline.addBefore("connection", "unread", connection.unread);
        pipeline.addBefore("connection", "streams", new Http2MultiplexHandler(streams));
        connection.context.write(new DefaultHttp2WindowUpdateFrame(Http2Codec.CONNECTION_WINDOW_INCREMENT));
        pipeline.remove(ctx.handler());
        core.multiplexed.add(connection);
        connection.waitForTunnel();
        if (core.closing(record.entrance())) {
            connection.goAway();
        }
        pipeline.fireChannelRead(attempt.handOver());
        pipeline.fireChannelReadComplete();
    }

    /**
     * Runs it behind the read under way, before the event loop comes to the next connection: what many of them ask for
     * at once must not be in memory at once.
     */
    void afterRead(Runnable action) {
        afterRead.add(action);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        // Most reads bring no request, but bytes of tunnels.
        if (!afterRead.isEmpty()) {
            List<Runnable> actions = afterRead;
            afterRead = new ArrayList<>();
            actions.forEach(Runnable::run);
        }
    }

    Entrance entrance() {
        return record.entrance();
    }

    private void opened(Http2StreamChannel stream) {
        lastStream = stream.stream().id();
        if (goingAway) {
            // The client did not know yet; it may try again elsewhere.
            stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.REFUSED_STREAM));
            return;
        }
        budget.opened();
        streams.add(stream);
        stream.closeFuture().addListener(closed -> core.recorder.defects().guard(() -> closed(stream)));
        stream.config().setWriteBufferWaterMark(SocketOptions.BUFFER);
        unread.follow(stream);
        stream.pipeline().addLast("request", new Http2Stream(core, this, record.another(), stream));
    }

    private void closed(Channel stream) {
        streams.remove(stream);
        if (!context.channel().isActive() || over) {
            return;
        }
        if (streams.isEmpty() && goingAway) {
            end();
        } else {
            releases(stream);
        }
    }

    /** From now on the connection is counted with the tunnels, not with those that wait. */
    void holds(Channel stream) {
        holding.add(stream);
        waits = false;
        core.waiting.remove(this);
        cancelTimeout();
    }

    private void releases(Channel stream) {
        holding.remove(stream);
        if (holding.isEmpty()) {
            waitForTunnel();
        }
    }

    /** Whether there are more streams than a connection may have; those that still hold a slot count, too. */
    boolean isFull() {
        return streams.size() > Http2Codec.MAX_STREAMS;
    }

    /** A stream was refused: a connection with a tunnel goes on, without one it takes no more streams. */
    void refused(Channel stream, Flag flag) {
        releases(stream);
        if (holding.isEmpty()) {
            goAway();
        }
        if (flag.status() == UNAVAILABLE) {
            budget.frames(FRAMES_PER_UNAVAILABLE);
        } else {
            budget.reset();
        }
    }

    /** DATA on a stream that was refused: frames of one byte are work like any other. */
    void unwantedFrame() {
        budget.frames(1);
    }

    /** Called in the midst of the codec's work: nothing more is read, the rest comes after it. */
    private void budgetSpent() {
        context.executor().execute(() -> core.recorder.defects().guard(() -> stop(Flag.TOO_MANY_FRAMES)));
    }

    /** The socket closes later than the GOAWAY is sent: the reset of a socket with unread bytes could overtake it. */
    private void stop(Flag flag) {
        if (over || !context.channel().isActive()) {
            return;
        }
        over = true;
        leave();
        record.protocol("HTTP/2");
        core.recorder.finish(record, flag);
        var meter = context.pipeline().context(METER);
        timeout = context.executor().schedule(() -> meter.close(), AT_MOST_MILLIS, TimeUnit.MILLISECONDS);
        List.copyOf(streams).forEach(Channel::close);
        // Not through the codec: it would close the socket as soon as this is written.
        meter.writeAndFlush(Http2Meter.goAway(meter.alloc(), lastStream, Http2Error.ENHANCE_YOUR_CALM))
                .addListener(sent -> ((DuplexChannel) context.channel()).shutdownOutput());
    }

    private void leave() {
        core.multiplexed.remove(this);
        core.waiting.remove(this);
        cancelTimeout();
    }

    /** The codec itself has refused a request before it was one. */
    private void neverOpened(int stream, long error) {
        if (stream > lastStream) {
            lastStream = stream;
            boolean full = error == Http2Error.REFUSED_STREAM.code();
            core.recorder.finish(record.another(), full ? Flag.LIMIT_REACHED : Flag.MALFORMED);
        }
    }

    /** The time for a head runs on while streams come and go without a tunnel. */
    private void waitForTunnel() {
        if (waits) {
            return;
        }
        waits = true;
        core.waiting.add(this, record.client().getAddress());
        long millis = core.rules().settings().limits().headTimeout().toMillis();
        if (millis > 0) {
            timeout = context.executor()
                    .schedule(() -> core.recorder.defects().guard(this::timedOut), millis, TimeUnit.MILLISECONDS);
        }
    }

    private void timedOut() {
        if (lastStream == 0) {
            core.recorder.finish(record, Flag.HEAD_TIMEOUT);
        }
        context.close();
    }

    @Override
    public void evict() {
        context.executor()
                .execute(() -> core.recorder.defects().guard(() -> {
                    if (holding.isEmpty()) {
                        core.recorder.finish(record, Flag.LIMIT_REACHED);
                        context.close();
                    }
                }));
    }

    /** From any thread: no new streams, and the end with the last one. */
    void goAway() {
        context.executor().execute(() -> {
            if (goingAway) {
                return;
            }
            goingAway = true;
            // It excludes no stream yet, as RFC 9113 section 6.8 has it: to the codec, DATA on an excluded one is an
            // error that ends the connection, and a client may have sent it before it knew.
            context.writeAndFlush(
                    new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR).setExtraStreamIds(Integer.MAX_VALUE));
            if (streams.isEmpty()) {
                end();
            }
        });
    }

    /** What the client opens from here on it may try elsewhere. */
    private void end() {
        context.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
        context.close();
    }

    private void cancelTimeout() {
        if (timeout != null) {
            timeout.cancel(false);
            timeout = null;
        }
    }

    /** Settings, pings and the like: the codec has acted on them. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        leave();
        // A stream that is not being read would not notice.
        List.copyOf(streams).forEach(Channel::close);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof Http2Exception wrong) {
            // The codec sends the GOAWAY and closes.
            if (wrong.error() == Http2Error.ENHANCE_YOUR_CALM) {
                core.recorder.finish(record, Flag.TOO_MANY_FRAMES);
            } else if (streams.isEmpty()) {
                core.recorder.finish(record, Flag.MALFORMED);
            }
            return;
        }
        if (!(cause instanceof IOException)) {
            core.recorder.defects().report(cause);
            core.recorder.finish(record, Flag.INTERNAL_ERROR);
        }
        ctx.close();
    }
}
