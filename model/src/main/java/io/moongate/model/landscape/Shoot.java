package io.moongate.model.landscape;

import io.moongate.model.condition.Adoption;
import io.moongate.model.condition.Declarations;
import io.moongate.model.condition.Lifecycle;
import io.moongate.model.condition.Standing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A hosted cluster, as far as its tunnels are concerned.
 *
 * @param technicalId the namespace of its control plane in the seed; empty until it has been scheduled
 * @param placement the seeds it is on and wanted on
 * @param traits what decides which clients it has
 * @param purpose what its owner says it is for: {@code production}, {@code evaluation}; for people
 * @param ipFamilies {@code IPv4}, {@code IPv6} in order of preference; empty means IPv4
 * @param advertised addresses of its API server by name ({@code internal}, {@code external}), as URLs
 * @param choice the shoot's own word about the unified port, stronger than the feature gate
 * @param lastOperation empty until a controller has picked the shoot up
 * @param adoption what Moongate has written into its status about the unified port
 * @param declared the same entries, and those of others
 * @param networks where its pods, services and nodes are
 */
public record Shoot(
        ShootKey key,
        Optional<String> technicalId,
        Placement placement,
        Traits traits,
        Optional<String> purpose,
        List<String> ipFamilies,
        Map<String, String> advertised,
        Optional<Boolean> choice,
        Optional<LastOperation> lastOperation,
        Adoption adoption,
        Declarations declared,
        ShootNetworks networks) {

    /**
     * Upstream's two shapes of a technical ID. The check is a security boundary: without it a Shoot object could name
     * {@code kube-system} and open tunnels to it.
     */
    public static final Pattern TECHNICAL_ID =
            Pattern.compile("shoot-[a-z0-9]+(-[a-z0-9]+)*|shoot--[a-z0-9]+(-[a-z0-9]+)*--[a-z0-9]+(-[a-z0-9]+)*");

    private static final int DNS_LABEL = 63;

    public Shoot {
        technicalId.ifPresent(id -> {
            if (id.length() > DNS_LABEL || !TECHNICAL_ID.matcher(id).matches()) {
                throw new IllegalArgumentException(
                        "technical ID '" + id + "' is neither of the form shoot--<project>--<name> nor shoot-<name>");
            }
        });
        ipFamilies = List.copyOf(ipFamilies);
        advertised = Map.copyOf(advertised);
    }

    /** One of which no address ranges are known. */
    public Shoot(
            ShootKey key,
            Optional<String> technicalId,
            Placement placement,
            Traits traits,
            Optional<String> purpose,
            List<String> ipFamilies,
            Map<String, String> advertised,
            Optional<Boolean> choice,
            Optional<LastOperation> lastOperation,
            Adoption adoption,
            Declarations declared) {
        this(
                key,
                technicalId,
                placement,
                traits,
                purpose,
                ipFamilies,
                advertised,
                choice,
                lastOperation,
                adoption,
                declared,
                ShootNetworks.UNKNOWN);
    }

    /** The seed in {@code status} is responsible while a shoot migrates. */
    public record Placement(Optional<String> specSeed, Optional<String> statusSeed) {
        public Optional<String> responsible() {
            return statusSeed.or(() -> specSeed);
        }
    }

    /** Each as upstream shows it: no workers, HA control plane or annotation, no DNS for its API server. */
    public record Traits(
            boolean workerless,
            boolean highlyAvailableVpn,
            boolean withoutDns,
            Lifecycle lifecycle,
            Standing standing) {}

    public boolean prefersIpv6() {
        return !ipFamilies.isEmpty() && ipFamilies.getFirst().equals("IPv6");
    }

    public boolean onlyIpv6() {
        return prefersIpv6() && ipFamilies.size() == 1;
    }
}
