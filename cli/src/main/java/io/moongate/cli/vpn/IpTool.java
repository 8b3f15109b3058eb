package io.moongate.cli.vpn;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Tunnels by {@code ip} of iproute2. */
final class IpTool implements Tunnels {
    @Override
    public void open(String device, Inet6Address local, Inet6Address remote, InetAddress pod) throws IOException {
        close(device);
        ip(
                "link",
                "add",
                "name",
                device,
                "type",
                "ip6tnl",
                "mode",
                "any",
                "local",
                text(local),
                "remote",
                text(remote),
                "encaplimit",
                "none");
        ip("link", "set", device, "up");
        ip("route", "replace", text(pod), "dev", device);
    }

    @Override
    public void close(String device) throws IOException {
        try {
            ip("link", "del", device);
        } catch (IOException notThere) {
            if (NetworkInterface.getByName(device) != null) {
                throw notThere;
            }
        }
    }

    /** Without the scope that Java adds to addresses of an interface. */
    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }

    private static void ip(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (process.waitFor() != 0) {
                throw new IOException("'" + String.join(" ", command) + "' failed: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
