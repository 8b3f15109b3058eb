package io.moongate.cli.run;

import io.moongate.adoption.dashboard.Dashboard;
import io.moongate.model.config.DashboardSettings;
import io.moongate.model.net.Addresses;
import io.moongate.model.problem.Problem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/** The dashboard of a process that serves tunnels: if it cannot be opened, the tunnels are served all the same. */
record OwnDashboard(Optional<Dashboard> dashboard) implements AutoCloseable {
    /**
     * @param token the file with the token of whoever may decide; without one nobody does so here
     * @param seed the one whose tunnels these are; empty: of all that it was given
     */
    static OwnDashboard open(
            DashboardSettings settings, Optional<AdoptionDesk> desk, Optional<Path> token, Optional<String> seed) {
        return new OwnDashboard(desk.filter(d -> settings.enabled())
                .flatMap(d -> open(settings, d, new OwnSource(d, seed.orElse("This gateway")), token)));
    }

    private static Optional<Dashboard> open(
            DashboardSettings settings, AdoptionDesk desk, OwnSource source, Optional<Path> token) {
        try {
            var where =
                    new InetSocketAddress(Addresses.parse(settings.address()).orElseThrow(), settings.port());
            return Optional.of(new Dashboard(where, source, token.map(file -> new OwnDecider(desk, file))));
        } catch (IOException e) {
            desk.dashboardFailed(
                    Problem.general(
                            Problem.Code.DASHBOARD_FAILED,
                            String.valueOf(e.getMessage()),
                            "free the port, choose another with dashboard.port, or set dashboard.enabled to false; then restart"));
            return Optional.empty();
        }
    }

    Optional<InetSocketAddress> address() {
        return dashboard.map(Dashboard::address);
    }

    @Override
    public void close() {
        dashboard.ifPresent(Dashboard::close);
    }
}
