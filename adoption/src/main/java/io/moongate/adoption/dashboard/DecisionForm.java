package io.moongate.adoption.dashboard;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes of the removal page's form. The token is in the body of each, and nowhere else: there is no session that another page could use, and
 * nothing in an address that ends up in a log.
 */
final class DecisionForm {
    private static final Logger LOG = LoggerFactory.getLogger(DecisionForm.class);
    private static final int LARGEST = 4096;
    private static final int LONGEST_NAME = 200;
    private static final Duration WRONG_TAKES = Duration.ofSeconds(1);

    private final Decider decider;
    private final Object wrong = new Object();

    DecisionForm(Decider decider) {
        this.decider = decider;
    }

    /**
     * What is said to whoever sent it.
     *
     * @param status of HTTP
     */
    record Said(int status, String text) {
        boolean done() {
            return status == 200;
        }

        /** Done, or refused by the rules; a stranger does not come so far. */
        boolean decided() {
            return done() || status == 409;
        }
    }

    Said take(HttpExchange exchange) throws IOException {
        String type = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Type"))
                .orElse("");
        if (!type.startsWith("application/x-www-form-urlencoded")) {
            return nothing(415, "this takes what the page's form sends");
        }
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST + 1);
        if (body.length > LARGEST) {
            return nothing(413, "this is longer than any form");
        }
        Map<String, String> fields =
                Filter.of(new String(body, StandardCharsets.UTF_8)).query();
        if (!decider.knows(fields.getOrDefault("token", ""))) {
            LOG.warn("somebody from {} gave a wrong token to the dashboard", exchange.getRemoteAddress());
            slowDown();
            return nothing(403, "the token is wrong");
        }
        return decide(fields);
    }

    private Said decide(Map<String, String> fields) {
        Optional<Decider.Step> step = Arrays.stream(Decider.Step.values())
                .filter(s -> s.name().equals(fields.get("step")))
                .findFirst();
        if (step.isEmpty()) {
            return nothing(400, "which step?");
        }
        String who = fields.getOrDefault("who", "");
        if (who.isBlank() || who.length() > LONGEST_NAME) {
            return nothing(400, "give your name, for the record");
        }
        String word = step.get().word();
        if (!fields.getOrDefault("word", "").equals(word)) {
            return nothing(400, "type '" + word + "' to go on");
        }
        Decider.Outcome outcome = decider.decide(step.get(), who);
        return outcome.done() ? new Said(200, step.get().done()) : new Said(409, "Refused: " + outcome.whyNot());
    }

    /** One after the other, whoever guesses; whoever knows it does not wait for them. */
    private void slowDown() {
        synchronized (wrong) {
            try {
                Thread.sleep(WRONG_TAKES);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Said nothing(int status, String why) {
        return new Said(status, "Nothing was changed: " + why);
    }
}
