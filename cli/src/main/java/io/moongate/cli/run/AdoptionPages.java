package io.moongate.cli.run;

import io.moongate.adoption.removal.VerdictTree;
import io.moongate.adoption.report.AdoptionTree;
import io.moongate.cli.AdminPages;
import io.moongate.dataplane.admin.AdminServer.Response;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the admin endpoint serves of adoption: {@code /adoption}, {@code /legacy-port}, and what is decided about it. */
record AdoptionPages(AdoptionDesk desk) {
    private static final int LONGEST_NAME = 200;

    Map<String, Supplier<Map<String, Object>>> pages() {
        return Map.of(
                "/adoption",
                () -> AdoptionTree.of(desk.report().orElseThrow(AdoptionPages::notYet)),
                "/legacy-port",
                () -> VerdictTree.of(desk.standing().orElseThrow(AdoptionPages::notYet)));
    }

    private static IllegalStateException notYet() {
        return new IllegalStateException("nothing is in force yet");
    }

    Map<String, AdminPages.Action> actions() {
        return Map.of(
                "/legacy-port/remove",
                body -> asked(body, who -> desk.remove(who, Boolean.TRUE.equals(body.get("final")))),
                "/legacy-port/restore",
                body -> asked(body, desk::restore));
    }

    private static Response asked(Map<?, ?> body, Function<String, AdoptionDesk.Outcome> action) {
        Optional<String> who = Optional.ofNullable(body.get("who"))
                .map(Object::toString)
                .filter(name -> !name.isBlank() && name.length() <= LONGEST_NAME);
        if (who.isEmpty()) {
            return Response.text(400, "who asks? give a name in 'who'");
        }
        AdoptionDesk.Outcome outcome = action.apply(who.get());
        return Response.text(outcome.done() ? 200 : 409, outcome.text());
    }
}
