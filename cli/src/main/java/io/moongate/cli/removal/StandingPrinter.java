package io.moongate.cli.removal;

import io.moongate.adoption.report.MergedReport;
import io.moongate.adoption.report.Spoken;
import io.moongate.cli.Output;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Where the legacy port stands, for people. */
record StandingPrinter(PrintWriter out) {
    private static final List<String> HEADER = List.of("SHOOT", "CLASS", "FINDING", "8132 UP", "LAST ON 8132", "WHY");

    void check(Standing standing) {
        where(standing);
        if (standing.isOpen()) {
            out.println(standing.summary());
        }
        table("these need it:", standing.rows("blockers"));
        table("these are exempted, their tunnels end with it:", standing.rows("exempted"));
        table("these pass, with a note:", standing.rows("notes"));
        new GardenletPrinter(out).check(standing.gardenlets());
        standing.expired()
                .forEach(e -> out.println("expired: the exemption of " + e.get("shoot") + " by " + e.get("owner")
                        + ", since " + e.get("expires")));
        out.flush();
    }

    private void where(Standing standing) {
        switch (standing.port()) {
            case "Open" ->
                out.println(open(standing)
                        + standing.since().map(s -> "; restored at " + s).orElse(""));
            case "Removed" ->
                out.println("the legacy port was removed at " + standing.since().orElse("?") + "; "
                        + stillOpen(standing) + standing.tunnels()
                        + " tunnels are left; it can be restored, for sure until "
                        + standing.rollbackUntil().orElse("?"));
            default ->
                out.println("the legacy port was removed for good at "
                        + standing.since().orElse("?"));
        }
    }

    /** Whoever removes it need not have asked before. */
    private static String open(Standing standing) {
        if (!standing.listening().isEmpty()) {
            return "the legacy port is open on " + String.join(", ", standing.listening());
        }
        return standing.gardenlets().isEmpty()
                ? "the legacy port is open, but no Service leads to it"
                : "no Service leads to the legacy port any more; 'moongate legacy-port remove' puts that on record";
    }

    /** The decision is made, but another opens the port: gardenlet, until its gate is set. */
    private static String stillOpen(Standing standing) {
        return standing.gardenlets().isEmpty() || standing.listening().isEmpty()
                ? ""
                : "it is still open on " + String.join(", ", standing.listening()) + "; ";
    }

    void plan(Standing standing) {
        where(standing);
        if (!standing.isOpen()) {
            out.flush();
            return;
        }
        out.println(standing.summary());
        out.println();
        out.println("a removal would");
        if (standing.changes().isEmpty() && standing.gardenlets().isEmpty()) {
            standing.listening().forEach(address -> out.println("  - close the listener on " + address));
        }
        standing.gardenlets()
                .forEach(g -> out.println("  - need the feature gate " + GardenletPrinter.GATE
                        + " of gardenlet of seed " + g.get("seed") + ": gardenlet removes the port"));
        List<String> changes = standing.gardenlets().isEmpty() ? standing.changes() : List.of();
        changes.forEach(change -> out.println("  - " + change));
        out.println("  - end " + standing.tunnels() + " tunnels " + howFast(standing)
                + (standing.ends().isEmpty() ? "" : ", of " + standing.ends()));
        if (standing.envoys()) {
            out.println(
                    "  - leave the Envoys alone that tell about their tunnels: close their listeners yourself, then");
        }
        out.println("  - keep every shoot on the unified port, whatever the gate UseUnifiedHTTPProxyPort says");
        long window = standing.number("rollbackWindowSeconds");
        out.println("it could be undone "
                + (window == 0 ? "" : "for sure for " + Spoken.of(window) + ", and after that ")
                + "until somebody makes it final");
        table("these are exempted, their tunnels end with it:", standing.rows("exempted"));
        out.flush();
    }

    /** Where gardenlet takes the listener away, Envoy ends its tunnels in its own way. */
    private static String howFast(Standing standing) {
        return standing.gardenlets().isEmpty()
                ? "over "
                        + Duration.ofSeconds(standing.number("paceSeconds"))
                                .toString()
                                .substring(2)
                                .toLowerCase(Locale.ROOT)
                : "together, after Envoy's drain time";
    }

    private void table(String title, List<MergedReport.Row> rows) {
        if (rows.isEmpty()) {
            return;
        }
        out.println();
        out.println(title);
        Output.table(
                out,
                HEADER,
                rows.stream()
                        .map(row -> List.of(
                                row.shoot(),
                                row.shootClass(),
                                row.finding(),
                                Integer.toString(row.up("legacy")),
                                row.lastSeen("legacy").isEmpty() ? "never seen" : row.lastSeen("legacy"),
                                Standing.exemption(row).orElse(row.why())))
                        .toList());
    }
}
