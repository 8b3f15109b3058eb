package io.moongate.dataplane.gateway;

import io.moongate.dataplane.record.TunnelRecord;
import io.moongate.dataplane.wire.HeadParser;
import io.moongate.dataplane.wire.HeadScanner;
import io.moongate.dataplane.wire.Http2Preface;
import io.moongate.dataplane.wire.ProxyHeader;
import io.moongate.dataplane.wire.RequestHead;
import io.moongate.model.config.GatewaySettings.ProxyProtocol;
import io.moongate.model.destination.Entrance;
import io.moongate.model.tunnel.Flag;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Phases one and two of a connection: accept and parse. Reads the PROXY header, where there is one, and the request
 * head; ends in exactly one of: an answer and the end, or {@link Setup}. Runs on the connection's event loop.
 */
final class Reception extends ChannelInboundHandlerAdapter implements Waiting.Connection {
    private static final int TLS_HANDSHAKE = 0x16;

    private final Core core;
    private final Entrance entrance;
    private final Rules rules;
    private final HeadScanner scanner = new HeadScanner();
    private @Nullable TunnelRecord record;
    private @Nullable ByteBuf received;
    private @Nullable ScheduledFuture<?> timeout;
    private @Nullable ChannelHandlerContext context;
    private boolean proxyHeaderDone;
    private boolean isHttp1;
    private boolean over;

    Reception(Core core, Entrance entrance) {
        this.core = core;
        this.entrance = entrance;
        this.rules = core.rules();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        record = new TunnelRecord(entrance, (InetSocketAddress) ctx.channel().remoteAddress());
        long millis = rules.settings().limits().headTimeout().toMillis();
        if (millis > 0) {
            timeout = ctx.executor().schedule(() -> refuse(ctx, Flag.HEAD_TIMEOUT), millis, TimeUnit.MILLISECONDS);
        }
        core.waiting.add(this);
        makeRoom();
    }

    /** Every tunnel needs two descriptors, a connection without one needs one. */
    private void makeRoom() {
        long budget = 2L * core.rules().maxTunnels();
        if (core.waiting.size() + 2L * core.tunnels.count() > budget) {
            core.waiting.takeOldest().ifPresent(Waiting.Connection::evict);
        }
    }

    @Override
    public void evict() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.executor().execute(() -> refuse(ctx, Flag.LIMIT_REACHED));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf more = (ByteBuf) message;
        if (over) {
            more.release();
            return;
        }
        if (received == null) {
            received = more;
        } else {
            received.discardReadBytes();
            received.writeBytes(more);
            more.release();
        }
        advance(ctx, received);
    }

    private void advance(ChannelHandlerContext ctx, ByteBuf bytes) {
        if (!proxyHeaderDone && !readProxyHeader(ctx, bytes)) {
            return;
        }
        if (bytes.isReadable() && isTls(bytes)) {
            refuse(ctx, entrance == Entrance.UNIFIED ? Flag.OLD_PROXY_CLIENT : Flag.MALFORMED);
            return;
        }
        if (!isHttp1) {
            switch (Http2Preface.in(bytes)) {
                case UNDECIDED -> {
                    return;
                }
                case PRESENT -> {
                    handOver();
                    Http2Connection.take(core, ctx, requireRecord(), bytes);
                    return;
                }
                case ABSENT -> isHttp1 = true;
            }
        }
        int limit = rules.settings().limits().headBytes();
        switch (scanner.scan(bytes)) {
            case MALFORMED -> refuse(ctx, Flag.MALFORMED);
            case INCOMPLETE -> {
                if (bytes.readableBytes() >= limit) {
                    refuse(ctx, Flag.HEAD_TOO_LARGE);
                }
            }
            case COMPLETE -> {
                if (scanner.length() > limit) {
                    refuse(ctx, Flag.HEAD_TOO_LARGE);
                } else {
                    complete(ctx, bytes);
                }
            }
        }
    }

    /** True once what comes next is the request head. */
    private boolean readProxyHeader(ChannelHandlerContext ctx, ByteBuf bytes) {
        ProxyProtocol settings = rules.settings().listeners().of(entrance).proxyProtocol();
        ProxyHeader header = ProxyHeader.read(bytes);
        if (header instanceof ProxyHeader.Undecided) {
            return false;
        }
        if (header instanceof ProxyHeader.Absent) {
            if (settings.mode() == ProxyProtocol.Mode.Strict) {
                boolean oldClient = entrance == Entrance.UNIFIED && isTls(bytes);
                closeSilently(ctx, oldClient ? Flag.OLD_PROXY_CLIENT : Flag.PROXY_PROTOCOL);
                return false;
            }
            proxyHeaderDone = true;
            return true;
        }
        if (settings.mode() == ProxyProtocol.Mode.Disabled || !isTrusted(settings)) {
            // Before GEP-0030 clients themselves sent one to this port, and TLS behind it.
            closeSilently(ctx, entrance == Entrance.UNIFIED ? Flag.OLD_PROXY_CLIENT : Flag.PROXY_PROTOCOL);
            return false;
        }
        switch (header) {
            case ProxyHeader.Client client -> {
                requireRecord().client(client.address());
                bytes.skipBytes(client.length());
            }
            case ProxyHeader.Peer peer -> bytes.skipBytes(peer.length());
            case ProxyHeader.Malformed malformed -> {
                closeSilently(ctx, Flag.PROXY_PROTOCOL);
                return false;
            }
            default -> {
                return false;
            }
        }
        proxyHeaderDone = true;
        return bytes.isReadable();
    }

    private boolean isTrusted(ProxyProtocol settings) {
        var peer = requireRecord().peer().getAddress();
        return settings.trustedCIDRs().stream().anyMatch(range -> range.contains(peer));
    }

    private static boolean isTls(ByteBuf bytes) {
        return bytes.getByte(bytes.readerIndex()) == TLS_HANDSHAKE;
    }

    private void complete(ChannelHandlerContext ctx, ByteBuf bytes) {
        Optional<RequestHead> parsed = HeadParser.parse(bytes, scanner.length());
        if (parsed.isEmpty()) {
            refuse(ctx, Flag.MALFORMED);
            return;
        }
        RequestHead head = parsed.get();
        bytes.skipBytes(head.length());
        handOver();
        requireRecord().protocol(head.http10() ? "HTTP/1.0" : "HTTP/1.1");
        var requester = new Http1Requester((DuplexChannel) ctx.channel(), head.http10(), bytes);
        Admission.decide(core, ctx, requireRecord(), head, requester);
    }

    /** What has been received belongs to the next from now on. */
    private void handOver() {
        received = null;
        end();
    }

    private void refuse(ChannelHandlerContext ctx, Flag flag) {
        if (!over) {
            end();
            core.recorder.finish(requireRecord(), flag);
            new Http1Requester((DuplexChannel) ctx.channel(), false, Unpooled.EMPTY_BUFFER)
                    .refuse(ctx, flag, Optional.empty());
        }
    }

    private void closeSilently(ChannelHandlerContext ctx, Flag flag) {
        end();
        core.recorder.finish(requireRecord(), flag);
        ctx.close();
    }

    /** Whatever comes next, this handler has done its part. */
    private void end() {
        over = true;
        core.waiting.remove(this);
        if (timeout != null) {
            timeout.cancel(false);
        }
        if (received != null) {
            received.release();
            received = null;
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent && !over) {
            if (received == null || !received.isReadable()) {
                // A port check of a load balancer: nothing was asked, nothing is answered.
                end();
                ctx.close();
            } else if (!proxyHeaderDone) {
                closeSilently(ctx, Flag.PROXY_PROTOCOL);
            } else {
                refuse(ctx, Flag.MALFORMED);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end();
        ctx.close();
    }

    private TunnelRecord requireRecord() {
        if (record == null) {
            throw new IllegalStateException("the connection is not active yet");
        }
        return record;
    }
}
