package io.moongate.model.plan;

import io.moongate.model.config.GatewaySettings;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.net.Cidr;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * All that the data plane needs.
 *
 * @param routes by header value: the allowlist; what is not in it is refused
 * @param access client ranges of restricted shoots; a shoot without an entry is not restricted
 * @param closing over which time the tunnels of a listener that is closed end
 */
public record GatewayPlan(
        GatewaySettings settings, Map<String, Route> routes, Map<ShootKey, List<Cidr>> access, Duration closing) {
    public GatewayPlan(GatewaySettings settings, Map<String, Route> routes, Map<ShootKey, List<Cidr>> access) {
        this(settings, routes, access, settings.drain().grace());
    }

    public GatewayPlan {
        routes = Map.copyOf(routes);
        access = Map.copyOf(access);
    }
}
