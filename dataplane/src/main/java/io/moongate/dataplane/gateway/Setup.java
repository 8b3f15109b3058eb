package io.moongate.dataplane.gateway;

import io.moongate.dataplane.memory.Backlog;
import io.moongate.dataplane.record.TunnelRecord;
import io.moongate.dataplane.relay.CopyingRelay;
import io.moongate.dataplane.relay.SocketEnd;
import io.moongate.model.net.HostPort;
import io.moongate.model.tunnel.Flag;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2ResetFrame;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Phases three to five of a connection whose request is allowed: reserve, dial, 200; then the relay takes over. All
 * that can fail happens before the 200, and until it is out nothing of the client's goes to the destination.
 */
final class Setup extends ChannelInboundHandlerAdapter implements Dialer.Caller {
    private final Core core;
    private final Attempt attempt;
    private final TunnelRecord record;
    private final Rules.Decision.Accepted accepted;
    private final Backlog.Account account;
    private @Nullable CopyingRelay relay;
    private boolean established;

    private Setup(Core core, Attempt attempt, Rules.Decision.Accepted accepted) {
        this.core = core;
        this.attempt = attempt;
        this.record = attempt.record();
        this.accepted = accepted;
        this.account = core.backlog.open(
                attempt.context().channel().eventLoop(),
                record.client().getAddress(),
                Optional.of(accepted.route().shoot()),
                () -> attempt.guard(this::giveUp));
    }

    /** The memory for what waits is needed elsewhere. */
    private void giveUp() {
        if (relay == null) {
            attempt.answer(Flag.LIMIT_REACHED);
        } else {
            relay.giveUp();
        }
    }

    /** Takes the place of the handler in charge. */
    static void begin(Core core, Attempt attempt, Rules.Decision.Accepted accepted) {
        var setup = new Setup(core, attempt, accepted);
        ChannelHandlerContext before = attempt.context();
        before.pipeline().replace(before.handler(), "setup", setup);
        attempt.context(before.pipeline().context(setup));
        attempt.waitsIn(setup.account);
        attempt.requester().waitsIn(setup.account);
        setup.reserve();
    }

    private void reserve() {
        core.steps.at(Steps.Step.RESERVE);
        var slot =
                core.tunnels.reserve(accepted.route().shoot(), record.client().getAddress(), core.rules());
        if (slot.isEmpty()) {
            attempt.answer(Flag.LIMIT_REACHED);
            return;
        }
        attempt.holds(slot.get());
        var dial = core.dialer.dial(
                attempt.context().channel().eventLoop(), core.rules().settings(), this);
        attempt.holds(dial);
        core.steps.at(Steps.Step.DIAL);
        dial.start(accepted.route().upstreams());
    }

    @Override
    public boolean gone() {
        return attempt.over();
    }

    @Override
    public void step(Steps.Step step) {
        core.steps.at(step);
    }

    @Override
    public void guard(Runnable action) {
        attempt.guard(action);
    }

    @Override
    public void failed(Flag flag) {
        attempt.answer(flag);
    }

    @Override
    public void broken(Throwable defect) {
        core.recorder.defects().report(defect);
    }

    /**
     * The tunnel is counted before its client can know of it: a client that has read a 200 is seen by every drain and
     * change from then on.
     */
    @Override
    public void connected(SocketChannel upstream, HostPort endpoint) {
        core.steps.at(Steps.Step.CONNECTED);
        record.upstream(upstream.remoteAddress());
        var requester = attempt.requester();
        var opened = new CopyingRelay(
                requester.end(),
                new SocketEnd(upstream),
                account,
                core.recorder.metrics().of(record.entrance()),
                record,
                core.recorder.defects());
        relay = opened;
        var tunnel = new Tunnel(core, attempt.slot(), record, opened, accepted, endpoint);
        opened.onEnd(tunnel::ended);
        attempt.holds(tunnel);
        tunnel.open();
        core.steps.at(Steps.Step.OPENED);
        core.recorder.established(record);
        core.steps.at(Steps.Step.ANSWER);
        established = true;
        attempt.answeredBy(opened);
        requester.accept().addListener(sent -> attempt.guard(() -> accepted(opened, sent.isSuccess())));
    }

    private void accepted(CopyingRelay opened, boolean sent) {
        if (attempt.over()) {
            return;
        }
        if (!sent) {
            attempt.handOver().release();
            opened.close(Flag.CLIENT_RESET);
            return;
        }
        core.steps.at(Steps.Step.RELAY);
        attempt.context().pipeline().remove(this);
        opened.start(attempt.handOver(), attempt.requester().end().inputDone());
    }

    /** Once the 200 is on its way, its failing write shows that the client is gone. */
    private void abandon(Flag flag) {
        if (!established) {
            attempt.drop(flag);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        // Reading is off, but a loop that has begun delivers what it has: it belongs behind the early payload.
        attempt.receive((ByteBuf) message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame) {
            abandon(Flag.CLIENT_RESET);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        abandon(Flag.CLIENT_RESET);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof Http2Exception) {
            abandon(Flag.MALFORMED);
        } else if (cause instanceof IOException) {
            abandon(Flag.CLIENT_RESET);
        } else {
            attempt.failed(cause);
        }
    }
}
