/**
 * {@code moongate vpn-paths}: in a shoot, beside the VPN clients of servers of Gardener's form with HA. Datagrams of the
 * seed's clients come in, tunnels and routes to them go out. It knows neither plans nor manifests.
 */
package io.moongate.cli.vpn;
