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
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
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
    private @Nullable Attempt attempt;
    private @Nullable ScheduledFuture<?> timeout;
    private boolean proxyHeaderDone;
    private boolean isHttp1;
    private boolean complete;
    private boolean ended;

    Reception(Core core, Entrance entrance) {
        this.core = core;
        this.entrance = entrance;
        this.rules = core.rules();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        var channel = (DuplexChannel) ctx.channel();
        var record = new TunnelRecord(entrance, (InetSocketAddress) channel.remoteAddress());
        attempt = new Attempt(core, record, new Http1Requester(channel, false), ctx);
        attempt.whenEnded(this::waitForTheEnd);
        ctx.channel().closeFuture().addListener(closed -> core.waiting.remove(this));
        SocketOptions.set(channel.config()::setOption, rules.settings().keepalive());
        core.waiting.add(this, record.client().getAddress());
        core.steps.at(Steps.Step.ACTIVE);
        long millis = rules.settings().limits().headTimeout().toMillis();
        if (millis > 0) {
            timeout = ctx.executor().schedule(() -> refuseLater(Flag.HEAD_TIMEOUT), millis, TimeUnit.MILLISECONDS);
        }
        core.makeRoom();
    }

    @Override
    public void evict() {
        attempt().context().executor().execute(() -> {
            if (ended) {
                attempt().context().channel().close();
            } else {
                refuseLater(Flag.LIMIT_REACHED);
            }
        });
    }

    private void refuseLater(Flag flag) {
        attempt().guard(() -> attempt().answer(flag));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        attempt().receive((ByteBuf) message);
        if (!attempt().over()) {
            core.steps.at(Steps.Step.READ);
            advance(ctx, attempt().received());
        }
        if (!attempt().over() && !complete) {
            core.waiting.holds(this, attempt().received().capacity());
            core.makeRoomForHeads();
        }
    }

    private void advance(ChannelHandlerContext ctx, ByteBuf bytes) {
        if (!proxyHeaderDone && !readProxyHeader(bytes)) {
            return;
        }
        if (bytes.isReadable() && isTls(bytes)) {
            attempt().answer(entrance == Entrance.UNIFIED ? Flag.OLD_PROXY_CLIENT : Flag.MALFORMED);
            return;
        }
        if (!isHttp1) {
            switch (Http2Preface.in(bytes)) {
                case UNDECIDED -> {
                    return;
                }
                case PRESENT -> {
                    stopWaiting();
                    Http2Connection.take(core, attempt());
                    return;
                }
                case ABSENT -> isHttp1 = true;
            }
        }
        int limit = rules.settings().limits().headBytes();
        switch (scanner.scan(bytes)) {
            case MALFORMED -> attempt().answer(Flag.MALFORMED);
            case INCOMPLETE -> {
                if (bytes.readableBytes() >= limit) {
                    attempt().answer(Flag.HEAD_TOO_LARGE);
                }
            }
            case COMPLETE -> {
                if (scanner.length() > limit) {
                    attempt().answer(Flag.HEAD_TOO_LARGE);
                } else {
                    complete(ctx, bytes);
                }
            }
        }
    }

    /** True once what comes next is the request head. */
    private boolean readProxyHeader(ByteBuf bytes) {
        ProxyProtocol settings = rules.settings().listeners().of(entrance).proxyProtocol();
        ProxyHeader header = ProxyHeader.read(bytes);
        if (header instanceof ProxyHeader.Undecided) {
            return false;
        }
        if (header instanceof ProxyHeader.Absent) {
            if (settings.mode() == ProxyProtocol.Mode.Strict) {
                boolean oldClient = entrance == Entrance.UNIFIED && isTls(bytes);
                attempt().drop(oldClient ? Flag.OLD_PROXY_CLIENT : Flag.PROXY_PROTOCOL);
                return false;
            }
            proxyHeaderDone = true;
            return true;
        }
        if (settings.mode() == ProxyProtocol.Mode.Disabled || !isTrusted(settings)) {
            // Before GEP-0030 clients themselves sent one to this port, and TLS behind it.
            attempt().drop(entrance == Entrance.UNIFIED ? Flag.OLD_PROXY_CLIENT : Flag.PROXY_PROTOCOL);
            return false;
        }
        switch (header) {
            case ProxyHeader.Client client -> {
                attempt().record().client(client.address());
                core.waiting.add(this, client.address().getAddress());
                bytes.skipBytes(client.length());
            }
            case ProxyHeader.Peer peer -> bytes.skipBytes(peer.length());
            case ProxyHeader.Malformed malformed -> {
                attempt().drop(Flag.PROXY_PROTOCOL);
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
        var peer = attempt().record().peer().getAddress();
        return settings.trustedCIDRs().stream().anyMatch(range -> range.contains(peer));
    }

    private static boolean isTls(ByteBuf bytes) {
        return bytes.getByte(bytes.readerIndex()) == TLS_HANDSHAKE;
    }

    private void complete(ChannelHandlerContext ctx, ByteBuf bytes) {
        core.steps.at(Steps.Step.HEAD);
        Optional<RequestHead> parsed = HeadParser.parse(bytes, scanner.length());
        if (parsed.isEmpty()) {
            attempt().answer(Flag.MALFORMED);
            return;
        }
        RequestHead head = parsed.get();
        bytes.skipBytes(head.length());
        complete = true;
        stopWaiting();
        attempt().record().protocol(head.http10() ? "HTTP/1.0" : "HTTP/1.1");
        attempt().requester(new Http1Requester((DuplexChannel) ctx.channel(), head.http10()));
        Admission.decide(core, attempt(), head);
    }

    /** Until it is closed it holds a descriptor: a client that is refused may take its time. */
    private void waitForTheEnd() {
        stopWaiting();
        ended = true;
        if (attempt().context().channel().isOpen()) {
            core.waiting.leaves(this);
        }
    }

    private void stopWaiting() {
        core.waiting.remove(this);
        if (timeout != null) {
            timeout.cancel(false);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent && !attempt().over()) {
            if (!attempt().received().isReadable()) {
                // A port check of a load balancer: nothing was asked, nothing is answered.
                attempt().dropUnrecorded();
            } else if (!proxyHeaderDone) {
                attempt().drop(Flag.PROXY_PROTOCOL);
            } else {
                attempt().answer(Flag.MALFORMED);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        gone();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (attempt == null) {
            core.recorder.defects().report(cause);
            ctx.close();
        } else if (cause instanceof IOException) {
            gone();
        } else {
            attempt.failed(cause);
        }
    }

    private void gone() {
        if (attempt().received().isReadable()) {
            attempt().drop(Flag.CLIENT_RESET);
        } else {
            attempt().dropUnrecorded();
        }
    }

    private Attempt attempt() {
        if (attempt == null) {
            throw new IllegalStateException("the connection is not active yet");
        }
        return attempt;
    }
}
