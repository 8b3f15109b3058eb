# Written by Moongate for shoot garden-foo/plain; edits are overwritten.
# Run this before OpenVPN, as root and in its network namespace: sh <this file>
set -eu
# Changes a kernel setting only where it differs: writing needs a right that reading does not.
setting() {
  [ "$(cat "/proc/sys/net/$1")" = "$2" ] || echo "$2" > "/proc/sys/net/$1"
}
# Adds a rule unless it is there: iptables or ip6tables, table, chain, rule.
rule() {
  tables=$1 table=$2 chain=$3
  shift 3
  "$tables" -w -t "$table" -C "$chain" "$@" 2>/dev/null || "$tables" -w -t "$table" -A "$chain" "$@"
}
# The transfer network is IPv6, whatever the shoot uses.
setting ipv6/conf/all/disable_ipv6 0
setting ipv6/conf/all/forwarding 1
setting ipv4/ip_forward 1
rule iptables nat PREROUTING -i tun0 -d 244.0.0.0/11 -j NETMAP --to 100.96.0.0/11
rule iptables nat PREROUTING -i tun0 -d 243.0.0.0/13 -j NETMAP --to 100.64.0.0/13
rule iptables nat PREROUTING -i tun0 -d 242.0.0.0/16 -j NETMAP --to 10.200.0.0/16
rule iptables nat PREROUTING -i tun0 -d 242.1.0.0/24 -j NETMAP --to 10.7.3.0/24
rule iptables nat PREROUTING -i tun0 -d 242.1.1.0/24 -j NETMAP --to 10.7.9.0/24
# Pods answer to this pod, which alone knows the way back.
rule iptables nat POSTROUTING ! -o tun0 -j MASQUERADE
rule iptables mangle POSTROUTING -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu
