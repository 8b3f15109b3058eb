package io.moongate.cli.run;

import io.moongate.cli.UserError;
import io.moongate.dataplane.gateway.Gateway;
import io.moongate.dataplane.transport.Epoll;
import io.moongate.manifest.ManifestSource;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.destination.Entrance;
import io.moongate.model.plan.GatewayPlan;
import io.moongate.model.plan.Plan;
import io.moongate.model.problem.Problem;
import java.util.Arrays;
import java.util.Collection;

/** The few reasons for which a process does not start. Everything else is a problem of a process that serves. */
final class StartChecks {
    private static final String MORE_FILES = "on this machine, raise the open-file limit (ulimit -n, LimitNOFILE)";

    private StartChecks() {}

    /** Without its configuration a gateway would not know its access lists, and let everybody in. */
    static void refuseBadInput(ManifestSource.Look first, Plan plan) {
        boolean nothing = first.snapshot().objects().isEmpty();
        for (Problem problem : first.snapshot().problems()) {
            boolean configuration = problem.object()
                    .filter(o -> o.kind().equals(MoongateConfiguration.KIND))
                    .isPresent();
            boolean away = problem.code() == Problem.Code.SOURCE_AWAY;
            if (configuration
                            && first.snapshot().landscape().configuration().isEmpty()
                            && plan.gateway().access().isEmpty()
                    || away && nothing) {
                String text = problem.toString();
                throw new UserError(text.substring(text.indexOf(' ') + 1) + "; there is no last good to start from");
            }
        }
    }

    /** Before anything is opened: what fails later without descriptors can be anything. */
    static void refuseFewOpenFiles() {
        Gateway.tooFewOpenFiles().ifPresent(why -> {
            throw new UserError(why + ", " + MORE_FILES);
        });
    }

    /** The limit may be high enough, and the machine have none left. */
    static Gateway start(GatewayPlan plan, Gateway.Options options) {
        try {
            return Gateway.start(plan, options);
        } catch (Epoll.NoLoops e) {
            throw new UserError("the event loops cannot be made (" + e.getMessage() + "), " + MORE_FILES);
        }
    }

    /** One listener serves what it can; with none at all there is nothing to stay for. */
    static void refuseIfNothingListens(Gateway gateway, Collection<Problem> problems) {
        boolean some = Arrays.stream(Entrance.values())
                .anyMatch(entrance -> !gateway.bound(entrance).isEmpty());
        if (some) {
            return;
        }
        problems.stream()
                .filter(p -> p.code() == Problem.Code.LISTENER_FAILED)
                .findFirst()
                .ifPresent(p -> {
                    throw new UserError(p.message() + ", in the configuration, " + p.remedy());
                });
    }
}
