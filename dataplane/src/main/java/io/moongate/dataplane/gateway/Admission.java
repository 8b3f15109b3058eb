package io.moongate.dataplane.gateway;

import io.moongate.dataplane.record.TunnelRecord;
import io.moongate.dataplane.wire.Answers;
import io.moongate.dataplane.wire.RequestHead;
import io.moongate.model.tunnel.Flag;
import java.util.Optional;

/** Phase two, authorize: the one place where a request that could be read is let in or refused, whatever carried it. */
final class Admission {
    private Admission() {}

    static void decide(Core core, Attempt attempt, RequestHead head) {
        core.steps.at(Steps.Step.DECIDE);
        TunnelRecord record = attempt.record();
        if (core.closing(record.entrance())) {
            attempt.answer(Flag.DRAINING);
            return;
        }
        switch (core.rules().decide(record.entrance(), head, record.client().getAddress())) {
            case Rules.Decision.Refused refused -> {
                record.destination(refused.value(), refused.route());
                attempt.answer(
                        refused.flag(), refused.flag() == Flag.NOT_CONNECT ? Answers.location(head) : Optional.empty());
            }
            case Rules.Decision.Accepted accepted -> {
                record.destination(Optional.of(accepted.value()), Optional.of(accepted.route()));
                // Not a byte more is read until the 200 is out: what the client sends meanwhile waits.
                attempt.context().channel().config().setAutoRead(false);
                Setup.begin(core, attempt, accepted);
            }
        }
    }
}
