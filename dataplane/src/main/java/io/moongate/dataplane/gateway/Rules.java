package io.moongate.dataplane.gateway;

import io.moongate.dataplane.wire.RequestHead;
import io.moongate.model.config.GatewaySettings;
import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.net.Cidr;
import io.moongate.model.plan.GatewayPlan;
import io.moongate.model.plan.Route;
import io.moongate.model.tunnel.Flag;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is in force: immutable, replaced as a whole, so that a decision never sees half of a change. */
record Rules(
        GatewaySettings settings,
        Map<String, Route> routes,
        Map<ShootKey, List<Cidr>> access,
        Duration closing,
        int maxTunnels,
        int shoots) {
    static Rules of(GatewayPlan plan, int maxTunnels) {
        int shoots = (int)
                plan.routes().values().stream().map(Route::shoot).distinct().count();
        return new Rules(plan.settings(), plan.routes(), plan.access(), plan.closing(), maxTunnels, shoots);
    }

    /** A request's fate; {@code value} is the header's value as sent. */
    sealed interface Decision {
        record Accepted(Route route, String value) implements Decision {}

        /** @param route where the destination is known and something else stands against it */
        record Refused(Flag flag, Optional<Route> route, Optional<String> value) implements Decision {
            Refused(Flag flag) {
                this(flag, Optional.empty(), Optional.empty());
            }
        }
    }

    Decision decide(Entrance entrance, RequestHead head, InetAddress client) {
        if (!head.isConnect()) {
            return new Decision.Refused(Flag.NOT_CONNECT);
        }
        List<String> own = head.values(entrance.header());
        List<String> other = head.values(entrance.other().header());
        if (own.isEmpty() || own.getFirst().isEmpty()) {
            return new Decision.Refused(other.isEmpty() ? Flag.NO_DESTINATION : Flag.WRONG_HEADER);
        }
        String value = own.getFirst();
        if (own.size() > 1 || value.indexOf(',') >= 0) {
            return new Decision.Refused(Flag.DUPLICATE_HEADER, Optional.empty(), Optional.of(value));
        }
        if (other.stream().anyMatch(o -> !o.equals(value))) {
            return new Decision.Refused(Flag.CONFLICTING_HEADERS, Optional.empty(), Optional.of(value));
        }
        Route route = routes.get(value);
        if (route == null) {
            return new Decision.Refused(Flag.UNKNOWN_DESTINATION, Optional.empty(), Optional.of(value));
        }
        return mayReach(route.shoot(), client)
                ? new Decision.Accepted(route, value)
                : new Decision.Refused(Flag.ACCESS_DENIED, Optional.of(route), Optional.of(value));
    }

    /** Whether a tunnel that is up would be let in again. */
    boolean stillAllows(String value, ShootKey shoot, InetAddress client) {
        Route route = routes.get(value);
        return route != null && route.shoot().equals(shoot) && mayReach(shoot, client);
    }

    private boolean mayReach(ShootKey shoot, InetAddress client) {
        List<Cidr> allowed = access.get(shoot);
        return allowed == null || allowed.stream().anyMatch(range -> range.contains(client));
    }
}
