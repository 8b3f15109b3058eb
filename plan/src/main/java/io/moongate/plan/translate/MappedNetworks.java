package io.moongate.plan.translate;

import io.moongate.model.landscape.ShootNetworks;
import io.moongate.model.net.Addresses;
import io.moongate.model.net.Cidr;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How a VPN server of Gardener's form names IPv4 addresses. Seed and shoot may use the same ranges; so each kind of
 * address has a /8 of its own in the tunnel. Both sides compute the same mapping from the shoot's ranges.
 */
final class MappedNetworks {
    private static final int NODES = 242;
    private static final int SERVICES = 243;
    private static final int PODS = 244;
    private static final int FIRST_OCTET_SHIFT = 24;
    private static final int IPV4_BITS = 32;

    private MappedNetworks() {}

    /** A range of the shoot, and the range of the same size by which the seed dials it. */
    record Mapping(String mapped, Cidr real) {}

    static List<Mapping> of(ShootNetworks shoot) {
        var all = new ArrayList<Mapping>();
        all.addAll(within(PODS, shoot.pods()));
        all.addAll(within(SERVICES, shoot.services()));
        all.addAll(within(NODES, shoot.nodes()));
        return all;
    }

    /**
     * One after the other, the largest first, so that each lies at a multiple of its size. What does not fit is left
     * out.
     */
    private static List<Mapping> within(int octet, List<Cidr> ranges) {
        var mappings = new ArrayList<Mapping>();
        long next = (long) octet << FIRST_OCTET_SHIFT;
        long end = (long) (octet + 1) << FIRST_OCTET_SHIFT;
        List<Cidr> largestFirst = ranges.stream()
                .filter(range -> Addresses.isIpv4(range.network()))
                .sorted(Comparator.comparingInt(Cidr::prefix))
                .toList();
        for (Cidr real : largestFirst) {
            long size = 1L << (IPV4_BITS - real.prefix());
            if (next + size <= end) {
                mappings.add(new Mapping(dotted(next) + "/" + real.prefix(), real));
                next += size;
            }
        }
        return mappings;
    }

    private static String dotted(long address) {
        return (address >> 24) + "." + (address >> 16 & 0xff) + "." + (address >> 8 & 0xff) + "." + (address & 0xff);
    }
}
