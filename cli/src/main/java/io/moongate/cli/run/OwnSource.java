package io.moongate.cli.run;

import io.moongate.adoption.dashboard.DashboardSource;
import io.moongate.adoption.removal.VerdictTree;
import io.moongate.adoption.report.MergedReport;
import io.moongate.model.landscape.ShootKey;
import java.util.List;
import java.util.Map;

/**
 * What the dashboard of a process that knows of tunnels shows: its own.
 *
 * @param name of whose legacy port it is
 */
record OwnSource(AdoptionDesk desk, String name) implements DashboardSource {
    @Override
    public Look look() {
        return desk.standing()
                .map(standing -> new Look(
                        MergedReport.of(standing.report()), Map.of(name, VerdictTree.of(standing)), desk.blindness()))
                .orElseGet(() -> new Look(MergedReport.of(List.of()), Map.of(), List.of("it starts")));
    }

    @Override
    public List<Map<?, ?>> history() {
        return desk.chronicle().hours();
    }

    @Override
    public List<Map<?, ?>> days(String shoot) {
        return desk.chronicle().days(ShootKey.parse(shoot));
    }
}
