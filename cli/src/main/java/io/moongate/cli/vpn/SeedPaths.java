package io.moongate.cli.vpn;

import io.moongate.model.net.Addresses;
import io.moongate.model.net.Cidr;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ways back to the seed. Each of its clients sends its pod's address every two seconds, from its own address in the
 * VPN; answers to that pod go through a tunnel to this client. One that is not heard any more is forgotten.
 */
final class SeedPaths {
    /** As long as Gardener's own. */
    static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);

    static final Duration RETRY_AFTER = Duration.ofSeconds(30);
    /** Far more than there are API servers; each costs a device. */
    static final int MOST = 64;

    private static final Logger LOG = LoggerFactory.getLogger(SeedPaths.class);
    private static final int BOND_PREFIX = 104;

    private final String bond;
    private final Inet6Address own;
    private final Cidr peers;
    private final List<Cidr> pods;
    private final Tunnels tunnels;
    private final Map<InetAddress, Path> paths = new HashMap<>();

    private record Path(InetAddress pod, boolean open, Instant tried, Instant heard) {
        boolean isDue(Instant now) {
            return !open && tried.plus(RETRY_AFTER).isBefore(now);
        }

        Path heardAt(Instant now) {
            return new Path(pod, open, tried, now);
        }
    }

    /**
     * @param own address on the bond
     * @param pods where the seed's pods are; empty takes any
     */
    SeedPaths(String bond, Inet6Address own, List<Cidr> pods, Tunnels tunnels) {
        this.bond = bond;
        this.own = own;
        this.peers = new Cidr(own, BOND_PREFIX);
        this.pods = List.copyOf(pods);
        this.tunnels = tunnels;
    }

    /** A datagram. What is not from the VPN, or names an address that is not the seed's, changes nothing. */
    void heard(InetAddress from, String text, Instant now) {
        Optional<InetAddress> pod = Addresses.parse(text.strip()).filter(this::isTheSeeds);
        if (!(from instanceof Inet6Address peer) || !peers.contains(from) || from.equals(own) || pod.isEmpty()) {
            LOG.debug("ignored: {} says {}", from, text);
            return;
        }
        Path known = paths.get(peer);
        if (known == null && paths.size() >= MOST) {
            LOG.warn("{} is one client of the seed too many: {} are known", peer.getHostAddress(), MOST);
            return;
        }
        if (known != null && known.pod().equals(pod.get()) && !known.isDue(now)) {
            paths.put(peer, known.heardAt(now));
        } else {
            paths.put(peer, new Path(pod.get(), open(peer, pod.get()), now, now));
        }
    }

    private boolean isTheSeeds(InetAddress pod) {
        return pods.isEmpty() || pods.stream().anyMatch(range -> range.contains(pod));
    }

    private boolean open(Inet6Address peer, InetAddress pod) {
        try {
            tunnels.open(device(peer), own, peer, pod);
            LOG.info("answers to {} go to {}", pod.getHostAddress(), peer.getHostAddress());
            return true;
        } catch (IOException e) {
            LOG.warn("no way to {}: {}", pod.getHostAddress(), e.getMessage());
            return false;
        }
    }

    /** Closes the ways to clients that are gone. */
    void forget(Instant now) {
        paths.entrySet().removeIf(entry -> {
            if (entry.getValue().heard().plus(FORGOTTEN_AFTER).isAfter(now)) {
                return false;
            }
            try {
                tunnels.close(device((Inet6Address) entry.getKey()));
                LOG.info("{} is not heard any more", entry.getKey().getHostAddress());
                return true;
            } catch (IOException e) {
                LOG.warn("cannot close the way to {}: {}", entry.getKey().getHostAddress(), e.getMessage());
                return false;
            }
        });
    }

    /** Named after the bond: its rules hold for these, too. Two bytes tell the seed's clients apart. */
    private String device(Inet6Address peer) {
        byte[] address = peer.getAddress();
        return "%s-%02x%02x".formatted(bond, address[address.length - 2], address[address.length - 1]);
    }
}
