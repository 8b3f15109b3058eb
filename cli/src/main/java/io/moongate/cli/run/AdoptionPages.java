package io.moongate.cli.run;

import io.moongate.adoption.removal.VerdictTree;
import io.moongate.adoption.report.AdoptionTree;
import io.moongate.cli.AdminPages;
import io.moongate.dataplane.admin.AdminServer.Response;
import io.moongate.model.landscape.ShootKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the admin endpoint serves of adoption: {@code /adoption} and below, {@code /legacy-port} and below, and what is decided about it. */
record AdoptionPages(AdoptionDesk desk) {
    private static final int LONGEST_NAME = 200;

    AdminPages.Local beside(Supplier<Map<String, Object>> config) {
        AdminPages.Local readable = readable();
        var pages = new HashMap<>(readable.pages());
        pages.put("/config", config);
        pages.put("/legacy-port/changes", () -> Map.of("changes", ChangeTrees.of(desk.changes())));
        return new AdminPages.Local(
                pages,
                readable.below(),
                Map.of(
                        "/legacy-port/remove",
                        body -> asked(body, who -> desk.remove(who, Boolean.TRUE.equals(body.get("final")))),
                        "/legacy-port/restore",
                        body -> asked(body, desk::restore)));
    }

    /** What others may read, where it is shared with them. */
    AdminPages.Local readable() {
        return new AdminPages.Local(
                Map.of(
                        "/adoption", () -> AdoptionTree.of(desk.report().orElseThrow(AdoptionPages::notYet)),
                        "/adoption/history",
                                () -> Map.of("hours", desk.chronicle().hours()),
                        "/legacy-port", () -> VerdictTree.of(desk.standing().orElseThrow(AdoptionPages::notYet))),
                Map.of("/adoption/days/", this::days),
                Map.of());
    }

    private Optional<Map<String, Object>> days(String shoot) {
        try {
            return Optional.of(Map.of("days", desk.chronicle().days(ShootKey.parse(shoot))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static IllegalStateException notYet() {
        return new IllegalStateException("nothing is in force yet");
    }

    private static Response asked(Map<?, ?> body, Function<String, AdoptionDesk.Outcome> action) {
        Optional<String> who = Optional.ofNullable(body.get("who"))
                .map(Object::toString)
                .filter(name -> !name.isBlank() && name.length() <= LONGEST_NAME);
        if (who.isEmpty() || who.get().equals(AdoptionDesk.GATE)) {
            return Response.text(400, "who asks? give a person's name in 'who'");
        }
        AdoptionDesk.Outcome outcome = action.apply(who.get());
        return Response.text(outcome.done() ? 200 : 409, outcome.text());
    }
}
