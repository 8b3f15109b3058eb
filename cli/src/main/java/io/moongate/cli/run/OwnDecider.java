package io.moongate.cli.run;

import io.moongate.adoption.dashboard.Decider;
import io.moongate.cli.TokenFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** In the dashboard the same decisions as by {@code moongate legacy-port}. The token is read anew each time: a new one needs no restart. */
record OwnDecider(AdoptionDesk desk, Path token) implements Decider {
    private static final Logger LOG = LoggerFactory.getLogger(OwnDecider.class);

    @Override
    public boolean knows(String given) {
        try {
            return MessageDigest.isEqual(
                    TokenFile.read(token).getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.error("nobody can decide in the dashboard: {}", e.getMessage());
            return false;
        }
    }

    @Override
    public Outcome decide(Step step, String who) {
        if (who.equals(AdoptionDesk.GATE)) {
            return new Outcome(false, "this is the name of a gate, not a person's");
        }
        AdoptionDesk.Outcome outcome = switch (step) {
            case Remove -> desk.remove(who, false);
            case Restore -> desk.restore(who);
            case RemoveForGood -> desk.remove(who, true);
        };
        return new Outcome(outcome.done(), outcome.text());
    }
}
