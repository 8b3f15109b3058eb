package io.moongate.cli.vpn;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;

/** Tunnels within the VPN, which carry both families over its IPv6. */
interface Tunnels {
    /** Makes a device anew, whatever there was of its name, and the way to this pod through it. */
    void open(String device, Inet6Address local, Inet6Address remote, InetAddress pod) throws IOException;

    /** The way goes with its device. A device that is not there is fine. */
    void close(String device) throws IOException;
}
