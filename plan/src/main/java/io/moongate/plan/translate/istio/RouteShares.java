package io.moongate.plan.translate.istio;

import io.moongate.model.landscape.ShootKey;
import io.moongate.model.net.Cidr;
import io.moongate.model.plan.GatewayPlan;
import io.moongate.model.plan.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Spreads a plan's routes over objects that stay small however many shoots there are. A tree of hashes: a share that
 * grows too large becomes two, by the next bit of its shoots' hashes. So one shoot's change touches the share that it is
 * in and no other, the same shoots always lead to the same shares, and nothing has to be remembered.
 */
final class RouteShares {
    /** What a share may have, about; a single shoot's routes are never parted. */
    static final int LARGEST_BYTES = 32 * 1024;

    private static final int ROUTE_BYTES = 500;
    private static final int RANGE_BYTES = 90;
    private static final int BITS = Integer.SIZE;

    private final GatewayPlan plan;
    private final SortedMap<String, List<Route>> shares = new TreeMap<>();

    private RouteShares(GatewayPlan plan) {
        this.plan = plan;
    }

    /** By the first bits of its shoots' hashes, as {@code 0110}; {@code all} where one share is enough. */
    static SortedMap<String, List<Route>> of(GatewayPlan plan) {
        var byShoot = new TreeMap<ShootKey, List<Route>>();
        plan.routes().forEach((value, route) -> {
            // The API server's second name is a cluster that we never create in Istio.
            if (value.equals(route.destination().headerValue())) {
                byShoot.computeIfAbsent(route.shoot(), s -> new ArrayList<>()).add(route);
            }
        });
        var shares = new RouteShares(plan);
        if (!byShoot.isEmpty()) {
            shares.spread("", byShoot);
        }
        return shares.shares;
    }

    private void spread(String bits, Map<ShootKey, List<Route>> byShoot) {
        if (byShoot.size() == 1 || bits.length() == BITS || bytes(byShoot) <= LARGEST_BYTES) {
            List<Route> routes = byShoot.values().stream().flatMap(List::stream).toList();
            shares.put(bits.isEmpty() ? "all" : bits, routes);
            return;
        }
        var zero = new TreeMap<ShootKey, List<Route>>();
        var one = new TreeMap<ShootKey, List<Route>>();
        byShoot.forEach((shoot, routes) -> (bit(shoot, bits.length()) == 0 ? zero : one).put(shoot, routes));
        if (!zero.isEmpty()) {
            spread(bits + "0", zero);
        }
        if (!one.isEmpty()) {
            spread(bits + "1", one);
        }
    }

    private long bytes(Map<ShootKey, List<Route>> byShoot) {
        return byShoot.entrySet().stream()
                .mapToLong(e -> (long) e.getValue().size()
                        * (ROUTE_BYTES
                                + (long) RANGE_BYTES
                                        * plan.access()
                                                .getOrDefault(e.getKey(), List.<Cidr>of())
                                                .size()))
                .sum();
    }

    /** From the highest; the hash is spread before, because names that differ in their last letter share high bits. */
    private static int bit(ShootKey shoot, int index) {
        int hash = shoot.toString().hashCode() * 0x9E3779B9;
        hash ^= hash >>> 16;
        hash *= 0x85EBCA6B;
        return (hash ^ (hash >>> 13)) >>> (BITS - 1 - index) & 1;
    }
}
