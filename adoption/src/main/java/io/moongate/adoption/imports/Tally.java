package io.moongate.adoption.imports;

import io.moongate.adoption.evidence.ClientRange;
import io.moongate.adoption.imports.LogLine.Leads;
import io.moongate.adoption.imports.LogLine.Tunnel;
import io.moongate.model.destination.Destination;
import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.Use;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.landscape.ShootKey;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What all lines say together. The order in which they come does not matter, and a line that comes twice changes
 * nothing: of times the latest counts, and each tunnel is counted once. Not safe for use by several threads.
 */
public final class Tally {
    /** Names of what is not known that are shown; clients choose some of them. */
    private static final int MOST_NAMES = 1000;

    private final Map<String, ShootKey> byTechnicalId = new HashMap<>();
    private final Map<String, ShootKey> byName = new HashMap<>();
    private final Map<Key, UseTally> uses = new TreeMap<>();
    private final TunnelSet counted;
    private final Map<ShootKey, String> unclear = new TreeMap<>();
    private final TreeSet<String> strangers = new TreeSet<>();
    private final TreeSet<String> otherPorts = new TreeSet<>();
    private final Counts counts = new Counts();

    private record Key(ShootKey shoot, Entrance entrance) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byShoot = shoot.compareTo(other.shoot);
            return byShoot == 0 ? entrance.compareTo(other.entrance) : byShoot;
        }
    }

    public Tally(Collection<Shoot> shoots) {
        this(shoots, TunnelSet.MOST);
    }

    /** @param most how many tunnels are counted */
    Tally(Collection<Shoot> shoots, int most) {
        counted = new TunnelSet(most);
        shoots.forEach(shoot -> {
            byName.put(shoot.key().toString(), shoot.key());
            shoot.technicalId().ifPresent(id -> byTechnicalId.put(id, shoot.key()));
        });
    }

    void request(Instant start) {
        counts.requests++;
        counts.saw(start, start);
    }

    void take(Tunnel tunnel) {
        counts.saw(tunnel.start(), tunnel.end());
        switch (tunnel.port()) {
            case Port.Other other -> counts.elsewhere++;
            case Port.Of(Entrance entrance) -> takeAt(entrance, tunnel);
            case Port.Unknown(String what) -> takeAtUnknown(what, tunnel);
        }
    }

    private void takeAt(Entrance entrance, Tunnel tunnel) {
        switch (tunnel.leads()) {
            case Leads.Elsewhere elsewhere -> counts.elsewhere++;
            case Leads.Unknown unknown -> {
                if (entrance == Entrance.LEGACY) {
                    counts.withoutDestination++;
                } else {
                    counts.unifiedWithoutDestination++;
                }
            }
            case Leads.To to -> shoot(to).ifPresent(shoot -> use(shoot, entrance, tunnel));
            case Leads.ToShoot to -> shoot(to).ifPresent(shoot -> use(shoot, entrance, tunnel));
        }
    }

    /** It may have been the legacy port. */
    private void takeAtUnknown(String what, Tunnel tunnel) {
        if (tunnel.leads() instanceof Leads.Elsewhere) {
            counts.elsewhere++;
            return;
        }
        counts.withoutPort++;
        if (!what.isEmpty() && otherPorts.size() < MOST_NAMES) {
            otherPorts.add(what);
        }
        Optional<ShootKey> shoot = switch (tunnel.leads()) {
            case Leads.To to -> shoot(to);
            case Leads.ToShoot to -> shoot(to);
            default -> Optional.empty();
        };
        shoot.ifPresent(key -> unclear.put(key, what));
        if (tunnel.leads() instanceof Leads.Unknown) {
            counts.withoutDestination++;
        }
    }

    private Optional<ShootKey> shoot(Leads.To to) {
        Destination destination = to.destination();
        return known(byTechnicalId, destination.namespace());
    }

    private Optional<ShootKey> shoot(Leads.ToShoot to) {
        return known(byName, to.shoot());
    }

    private Optional<ShootKey> known(Map<String, ShootKey> names, String name) {
        Optional<ShootKey> shoot = Optional.ofNullable(names.get(name));
        if (shoot.isEmpty()) {
            counts.ofStrangers++;
            if (strangers.size() < MOST_NAMES) {
                strangers.add(LogImport.printable(name));
            }
        }
        return shoot;
    }

    private void use(ShootKey shoot, Entrance entrance, Tunnel tunnel) {
        counts.tunnels++;
        TunnelSet.Added added = counted.add(tunnel.traffic());
        counts.uncounted += added.beyond() ? 1 : 0;
        uses.computeIfAbsent(new Key(shoot, entrance), key -> new UseTally())
                .take(tunnel, tunnel.client().map(ClientRange::of), added);
    }

    /** At most one for each shoot and entrance. */
    List<Use> uses() {
        return uses.entrySet().stream()
                .map(use ->
                        use.getValue().use(use.getKey().shoot(), use.getKey().entrance()))
                .toList();
    }

    /** Shoots with tunnels of which nobody can say by which port they came, each with that port as it is logged. */
    Map<ShootKey, String> unclear() {
        return Collections.unmodifiableMap(unclear);
    }

    /** Technical IDs and names that no shoot of the landscape has. */
    public List<String> strangers() {
        return List.copyOf(strangers);
    }

    /** Local ports of tunnels that are neither of the two. */
    public List<String> otherPorts() {
        return List.copyOf(otherPorts);
    }

    public Counts counts() {
        return counts;
    }
}
