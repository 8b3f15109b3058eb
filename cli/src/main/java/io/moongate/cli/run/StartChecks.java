package io.moongate.cli.run;

import io.moongate.cli.UserError;
import io.moongate.dataplane.gateway.Gateway;
import io.moongate.dataplane.transport.Epoll;
import io.moongate.manifest.ManifestSource;
import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.Landscape;
import io.moongate.model.plan.GatewayPlan;
import io.moongate.model.problem.Problem;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;

/** The few reasons for which a process does not start. Everything else is a problem of a process that serves. */
final class StartChecks {
    private static final String MORE_FILES = "on this machine, raise the open-file limit (ulimit -n, LimitNOFILE)";

    private StartChecks() {}

    static void refuseBadInput(ManifestSource.Look first, KeptInput kept, Landscape inForce) {
        Optional<Problem> hidden = first.snapshot().hiddenConfiguration();
        if (kept.held().isEmpty() && inForce.configuration().isEmpty() && hidden.isPresent()) {
            throw new UserError(hidden.get().withoutSeverity()
                    + "; it may be the MoongateConfiguration, without which the access lists are not known, and there is"
                    + " no last good to start from");
        }
        boolean nothing = first.snapshot().objects().isEmpty();
        for (Problem problem : first.snapshot().problems()) {
            if (problem.code() == Problem.Code.SOURCE_AWAY && nothing) {
                throw new UserError(problem.withoutSeverity() + "; there is no last good to start from");
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
