package io.moongate.cli.vpn;

import io.moongate.cli.UserError;
import io.moongate.model.net.Cidr;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The loop around {@link SeedPaths}: one datagram at a time. */
@Command(
        name = "vpn-paths",
        mixinStandardHelpOptions = true,
        description = {
            "In a shoot, beside the VPN clients of Gardener's servers with HA: keep the ways back to the seed.",
            "Needs ip of iproute2, the right NET_ADMIN, and the bond that vpn-setup.sh makes."
        })
public final class VpnPathsCommand implements Callable<Integer> {
    /** To which Gardener's clients on the seed send. */
    private static final int PORT = 5400;

    private static final int LONGEST = 64;
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(1);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--bond", paramLabel = "DEVICE", description = "The bond; default: ${DEFAULT-VALUE}.")
    private String bond = "bond0";

    @Option(
            names = "--seed-pods",
            paramLabel = "CIDR",
            description = "Where the seed's pods are; no way is made to anything else. Can be given several times.")
    private List<String> seedPods = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        List<Cidr> pods = seedPods.stream().map(VpnPathsCommand::range).toList();
        Inet6Address own = address();
        var tunnels = new IpTool();
        closeFormer(tunnels);
        var paths = new SeedPaths(bond, own, pods, tunnels);
        try (var socket = new DatagramSocket(new InetSocketAddress(own, PORT))) {
            socket.setSoTimeout((int) LONGEST_SILENCE.toMillis());
            var out = spec.commandLine().getOut();
            out.println("listening on " + own.getHostAddress() + " port " + PORT);
            out.flush();
            Instant forgotten = Instant.now();
            while (true) {
                receive(socket, paths);
                Instant now = Instant.now();
                if (!forgotten.plus(LONGEST_SILENCE).isAfter(now)) {
                    paths.forget(now);
                    forgotten = now;
                }
            }
        }
    }

    private static void receive(DatagramSocket socket, SeedPaths paths) throws IOException {
        var datagram = new DatagramPacket(new byte[LONGEST], LONGEST);
        try {
            socket.receive(datagram);
        } catch (SocketTimeoutException silence) {
            return;
        }
        String text = new String(datagram.getData(), 0, datagram.getLength(), StandardCharsets.US_ASCII);
        paths.heard(datagram.getAddress(), text, Instant.now());
    }

    private Inet6Address address() throws IOException {
        NetworkInterface device = NetworkInterface.getByName(bond);
        if (device != null) {
            for (var address : device.getInterfaceAddresses()) {
                if (address.getAddress() instanceof Inet6Address ipv6 && !ipv6.isLinkLocalAddress()) {
                    // Without the interface in it: else it is not equal to the same address in a datagram.
                    return (Inet6Address) Inet6Address.getByAddress(ipv6.getAddress());
                }
            }
        }
        throw new UserError("no address of IPv6, on " + bond + ", run vpn-setup.sh first");
    }

    /** Those of a former process: nobody else knows when they can go. */
    private void closeFormer(Tunnels tunnels) throws IOException {
        for (NetworkInterface device : NetworkInterface.networkInterfaces().toList()) {
            if (device.getName().startsWith(bond + "-")) {
                tunnels.close(device.getName());
            }
        }
    }

    private static Cidr range(String text) {
        try {
            return Cidr.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage() + ", in --seed-pods, give it as 10.0.0.0/8");
        }
    }
}
