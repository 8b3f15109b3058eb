package io.moongate.dataplane.gateway;

import io.moongate.dataplane.record.TunnelRecord;
import io.moongate.dataplane.wire.Answers;
import io.moongate.dataplane.wire.RequestHead;
import io.moongate.model.tunnel.Flag;
import io.netty.channel.ChannelHandlerContext;
import java.util.Optional;

/** Phase two, authorize: the one place where a request that could be read is let in or refused, whatever carried it. */
final class Admission {
    private Admission() {}

    static void decide(
            Core core, ChannelHandlerContext ctx, TunnelRecord record, RequestHead head, Requester requester) {
        if (core.closing(record.entrance())) {
            refuse(core, ctx, record, requester, Flag.DRAINING, Optional.empty());
            return;
        }
        switch (core.rules().decide(record.entrance(), head, record.client().getAddress())) {
            case Rules.Decision.Refused refused -> {
                record.destination(refused.value(), refused.route());
                var location = refused.flag() == Flag.NOT_CONNECT ? Answers.location(head) : Optional.<String>empty();
                refuse(core, ctx, record, requester, refused.flag(), location);
            }
            case Rules.Decision.Accepted accepted -> {
                record.destination(Optional.of(accepted.value()), Optional.of(accepted.route()));
                // Not a byte more is read until the 200 is out: what the client sends meanwhile waits.
                ctx.channel().config().setAutoRead(false);
                ctx.pipeline().replace(ctx.handler(), "setup", new Setup(core, record, accepted, requester));
            }
        }
    }

    static void refuse(
            Core core,
            ChannelHandlerContext ctx,
            TunnelRecord record,
            Requester requester,
            Flag flag,
            Optional<String> location) {
        core.recorder.finish(record, flag);
        requester.early().release();
        requester.refuse(ctx, flag, location);
    }
}
