package io.moongate.cli.run;

import io.moongate.adoption.dashboard.DashboardSource;
import io.moongate.adoption.removal.VerdictTree;
import io.moongate.adoption.report.AdoptionTree;
import io.moongate.adoption.report.MergedReport;
import io.moongate.model.landscape.ShootKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the dashboard of a process that serves tunnels shows: its own. */
record OwnSource(AdoptionDesk desk) implements DashboardSource {
    @Override
    public Look look() {
        var ports = new HashMap<String, Map<?, ?>>();
        desk.standing().ifPresent(standing -> ports.put("This gateway", VerdictTree.of(standing)));
        List<Map<?, ?>> reports =
                desk.report().<Map<?, ?>>map(AdoptionTree::of).stream().toList();
        return new Look(MergedReport.of(reports), ports, desk.report().isEmpty() ? List.of("it starts") : List.of());
    }

    @Override
    public List<Map<?, ?>> history() {
        return desk.hours();
    }

    @Override
    public List<Map<?, ?>> days(String shoot) {
        return desk.days(ShootKey.parse(shoot));
    }
}
