package io.moongate.cli.run;

import io.moongate.adoption.dashboard.Dashboard;
import io.moongate.adoption.dashboard.Decider;
import io.moongate.cli.AdminPages;
import io.moongate.dataplane.admin.AdminServer;
import io.moongate.dataplane.gateway.Gateway;
import io.moongate.dataplane.record.Recorder;
import io.moongate.model.config.AccessLogServiceSettings;
import io.moongate.model.config.AdminSettings;
import io.moongate.model.config.DashboardSettings;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.net.Addresses;
import io.moongate.model.plan.Plan;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Which endpoints a process of {@link RunLoop} has, and what they serve. */
final class ProcessEndpoints {
    private ProcessEndpoints() {}

    /** What endpoints see of the loop, from their own threads. */
    interface Inside extends AdminPages.Health {
        Gateway gateway();

        /** Throws until something is in force. */
        Status status();

        /** Whether a removal is held back under this id; then it is carried out. */
        boolean confirm(String id);
    }

    static Endpoints of(RunLoop.Settings settings, Recorder recorder, Plan plan, Inside inside) {
        MoongateConfiguration configuration = plan.configuration();
        var endpoints = new Endpoints();
        AdminSettings admin = settings.admin().orElse(configuration.admin());
        AdminPages pages = adminPages(settings, recorder, inside);
        endpoints.add(
                Endpoints.Kind.ADMIN,
                () -> opened(new AdminServer(
                        where(admin.address(), admin.port()),
                        pages,
                        configuration.admin().guard())));
        settings.adoption().ifPresent(desk -> addAdoption(endpoints, settings, configuration, desk));
        return endpoints;
    }

    private static void addAdoption(
            Endpoints endpoints, RunLoop.Settings settings, MoongateConfiguration configuration, AdoptionDesk desk) {
        DashboardSettings dashboard = configuration.dashboard();
        if (dashboard.enabled()) {
            var source = new OwnSource(desk, settings.inputs().seed().orElse("This gateway"));
            Optional<Decider> decider = settings.dashboardToken().map(file -> new OwnDecider(desk, file));
            endpoints.add(Endpoints.Kind.DASHBOARD, () -> {
                var opened = new Dashboard(
                        where(dashboard.address(), dashboard.port()),
                        source,
                        decider,
                        configuration.admin().guard());
                return new Endpoints.Opened(opened.address(), opened);
            });
        }
        settings.share()
                .ifPresent(share -> endpoints.add(
                        Endpoints.Kind.SHARE,
                        () -> opened(Share.open(
                                where(share.address(), share.port()),
                                desk,
                                configuration.admin().sharedGuard()))));
        AccessLogServiceSettings envoys = configuration.evidence().accessLogService();
        if (envoys.enabled()) {
            // The desk closes it: evidence needs it until the last tunnel has been counted.
            endpoints.add(
                    Endpoints.Kind.ACCESS_LOG_SERVICE,
                    () -> new Endpoints.Opened(
                            desk.listenToEnvoys(envoys, settings.input().tellers()), () -> {}));
        }
    }

    private static AdminPages adminPages(RunLoop.Settings settings, Recorder recorder, Inside inside) {
        var registry = recorder.metrics().registry();
        settings.watchdog().register(registry);
        AdminPages.Local local = settings.adoption()
                .map(desk -> {
                    desk.serves(
                            () -> settings.input().legacyServed(inside.status().plan(), inside.gateway()));
                    registry.register(new AdoptionMetrics(desk));
                    return new AdoptionPages(desk).beside(() -> inside.status().tree(inside.gateway()));
                })
                .orElseGet(() -> AdminPages.Local.config(() -> inside.status().tree(inside.gateway())));
        return new AdminPages(local, registry, inside, inside::confirm);
    }

    private static Endpoints.Opened opened(AdminServer server) {
        return new Endpoints.Opened(server.address(), server);
    }

    private static InetSocketAddress where(String address, int port) {
        return new InetSocketAddress(Addresses.parse(address).orElseThrow(), port);
    }
}
