package io.moongate.dataplane.gateway;

import io.moongate.dataplane.record.TunnelRecord;
import io.moongate.dataplane.relay.CopyingRelay;
import io.moongate.dataplane.relay.SocketEnd;
import io.moongate.model.config.GatewaySettings.Limits;
import io.moongate.model.net.HostPort;
import io.moongate.model.tunnel.Flag;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import java.util.Optional;

/**
 * Phases three to five of a connection whose request is allowed: reserve, dial, 200; then the relay takes over. All
 * that can fail happens before the 200, and until it is out nothing of the client's goes to the destination.
 */
final class Setup extends ChannelInboundHandlerAdapter {
    private final Core core;
    private final TunnelRecord record;
    private final Rules.Decision.Accepted accepted;
    private final Requester requester;
    private final ByteBuf early;
    private Optional<Tunnels.Slot> slot = Optional.empty();
    private boolean handedOver;
    private boolean over;

    Setup(Core core, TunnelRecord record, Rules.Decision.Accepted accepted, Requester requester) {
        this.core = core;
        this.record = record;
        this.accepted = accepted;
        this.requester = requester;
        this.early = requester.early();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        Rules rules = core.rules();
        Limits limits = rules.settings().limits();
        slot = core.tunnels.reserve(accepted.route().shoot(), record.client().getAddress(), limits, rules.maxTunnels());
        if (slot.isEmpty()) {
            fail(ctx, Flag.LIMIT_REACHED);
            return;
        }
        core.dialer.dial(
                ctx.channel().eventLoop(), accepted.route().upstreams(), rules.settings(), new Dialer.Caller() {
                    @Override
                    public boolean gone() {
                        return over;
                    }

                    @Override
                    public void connected(SocketChannel upstream, HostPort endpoint) {
                        if (over) {
                            upstream.close();
                        } else {
                            establish(ctx, upstream, endpoint);
                        }
                    }

                    @Override
                    public void failed(Flag flag) {
                        if (!over) {
                            fail(ctx, flag);
                        }
                    }
                });
    }

    /**
     * The tunnel is counted before its client can know of it: whoever has read a 200 is seen by every drain and change
     * from then on.
     */
    private void establish(ChannelHandlerContext ctx, SocketChannel upstream, HostPort endpoint) {
        handedOver = true;
        record.upstream(upstream.remoteAddress());
        core.recorder.established(record);
        var relay = new CopyingRelay(
                requester.end(),
                new SocketEnd(upstream),
                core.recorder.metrics().of(record.entrance()),
                record);
        var tunnel = new Tunnel(
                core,
                slot.orElseThrow(),
                record,
                relay,
                accepted.value(),
                accepted.route().shoot(),
                endpoint);
        relay.onEnd(tunnel::ended);
        tunnel.open();
        requester.accept().addListener(sent -> {
            if (sent.isSuccess()) {
                ctx.pipeline().remove(this);
                relay.start(early, requester.end().inputDone());
            } else {
                early.release();
                relay.close(Flag.CLIENT_RESET);
            }
        });
    }

    private void fail(ChannelHandlerContext ctx, Flag flag) {
        end();
        core.recorder.finish(record, flag);
        requester.refuse(ctx, flag, Optional.empty());
    }

    private void abandon(ChannelHandlerContext ctx) {
        // Once the tunnel is there, the failing write of its 200 tells it that the client is gone.
        if (!over && !handedOver) {
            end();
            core.recorder.finish(record, Flag.CLIENT_RESET);
            ctx.close();
        }
    }

    private void end() {
        over = true;
        early.release();
        slot.ifPresent(Tunnels.Slot::release);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        // Reading is off, but a loop that has begun delivers what it has: it belongs behind the early payload.
        ByteBuf more = (ByteBuf) message;
        if (over) {
            more.release();
        } else {
            early.writeBytes(more);
            more.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        abandon(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        abandon(ctx);
    }
}
