package io.moongate.adoption.removal;

import io.moongate.model.removal.LegacyPort;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Where the legacy port stands, and which step is open from there.
 *
 * @param since the decision that made it so; empty where none was ever made
 */
public record Removal(LegacyPort port, Optional<Decision> since) {
    /** @param decisions oldest first */
    public static Removal after(List<Decision> decisions) {
        var result = new Removal(LegacyPort.Open, Optional.empty());
        for (Decision decision : decisions) {
            Optional<LegacyPort> port = decision.action().result();
            result = port.isPresent() ? new Removal(port.get(), Optional.of(decision)) : result;
        }
        return result;
    }

    /** Why it cannot be removed now, with the way out; empty if it can. */
    public Optional<String> whyNotRemoved(Verdict verdict) {
        if (port.isClosed()) {
            return Optional.of("the legacy port is removed already, " + bySince());
        }
        return verdict.removable() ? Optional.empty() : Optional.of(verdict.summary());
    }

    public Optional<String> whyNotRestored() {
        return switch (port) {
            case Open -> Optional.of("the legacy port is open, there is nothing to restore");
            case Removed -> Optional.empty();
            case RemovedForGood -> Optional.of("the removal was made final, " + bySince() + "; there is no way back");
        };
    }

    /** Why the removal cannot be made final now. */
    public Optional<String> whyNotFinal(Duration rollbackWindow, Instant now) {
        if (port != LegacyPort.Removed) {
            return Optional.of(
                    port == LegacyPort.Open
                            ? "the legacy port is open: remove it first"
                            : "the removal is final already, " + bySince());
        }
        Instant over = rollbackUntil(rollbackWindow).orElse(now);
        return now.isBefore(over)
                ? Optional.of("the legacy port can be restored until " + over.truncatedTo(ChronoUnit.SECONDS)
                        + "; only then can the removal be made final")
                : Optional.empty();
    }

    /** Until when a restore is sure to be possible; empty unless it is removed and not final. */
    public Optional<Instant> rollbackUntil(Duration rollbackWindow) {
        return port == LegacyPort.Removed ? since.map(d -> d.at().plus(rollbackWindow)) : Optional.empty();
    }

    private String bySince() {
        return since.map(d -> "at " + d.at().truncatedTo(ChronoUnit.SECONDS) + " by " + d.who())
                .orElse("");
    }
}
