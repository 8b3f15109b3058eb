package io.moongate.plan.translate.shoot;

import static io.moongate.plan.translate.Tree.list;
import static io.moongate.plan.translate.Tree.map;

import io.moongate.model.destination.Destination;
import io.moongate.model.plan.ApiServerProxyPlan;
import io.moongate.model.plan.ClientAddress;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.plan.ShootPlan;
import io.moongate.plan.translate.Objects;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A Job in the shoot that opens tunnels to the shoot's own control plane where its clients will dial, and ends. */
public final class ProbeJob {
    public static final String NAME = "moongate-probe";

    private static final int ATTEMPTS = 2;

    private ProbeJob() {}

    /** Empty where the shoot has no client that could be moved. */
    public static Optional<ClusterObject> of(ShootPlan shoot, String image, Duration timeout) {
        var destinations = new ArrayList<Destination>();
        shoot.vpnClients().forEach(vpn -> destinations.add(vpn.destination()));
        shoot.apiServerProxy().map(ApiServerProxyPlan::destination).ifPresent(destinations::add);
        Optional<ClientAddress> dial =
                shoot.vpnClients().stream().map(v -> v.dial()).findFirst();
        return dial.map(address -> Objects.own(
                "batch/v1",
                "Job",
                ShootObjects.NAMESPACE,
                NAME,
                map("spec", job(arguments(address, destinations), image, timeout))));
    }

    private static List<Object> arguments(ClientAddress dial, List<Destination> destinations) {
        var arguments = new ArrayList<Object>(List.of(
                "probe",
                "--gateway",
                dial.host(),
                "--gateway-port",
                Integer.toString(dial.port()),
                "--port",
                dial.entrance().label(),
                "--until",
                "answer"));
        destinations.forEach(d -> arguments.addAll(List.of("--value", d.headerValue())));
        return arguments;
    }

    private static java.util.Map<String, Object> job(List<Object> arguments, String image, Duration timeout) {
        return map(
                "backoffLimit",
                ATTEMPTS - 1,
                "activeDeadlineSeconds",
                timeout.toSeconds(),
                "ttlSecondsAfterFinished",
                300,
                "template",
                map(
                        "spec",
                        map(
                                "restartPolicy",
                                "Never",
                                "automountServiceAccountToken",
                                false,
                                "securityContext",
                                map("runAsNonRoot", true, "runAsUser", 65532),
                                "containers",
                                list(map(
                                        "name",
                                        "probe",
                                        "image",
                                        image,
                                        "imagePullPolicy",
                                        "IfNotPresent",
                                        "args",
                                        arguments,
                                        "resources",
                                        map("limits", map("memory", "256Mi")),
                                        "securityContext",
                                        Security.of())))));
    }
}
