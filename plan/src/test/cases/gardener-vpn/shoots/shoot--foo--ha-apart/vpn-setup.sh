# Written by Moongate for shoot garden-foo/ha-apart; edits are overwritten.
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
index=${POD_NAME##*-}
case $index in *[!0-9]*|'') echo "error: POD_NAME does not end in a number" >&2; exit 1;; esac
ip link del bond0 2>/dev/null || true
ip link add bond0 type bond mode active-backup fail_over_mac active num_grat_arp 5 miimon 100
ip link del tap0 2>/dev/null || true
ip tuntap add dev tap0 mode tap
ip link set tap0 master bond0
ip link del tap1 2>/dev/null || true
ip tuntap add dev tap1 mode tap
ip link set tap1 master bond0
ip link set bond0 type bond primary tap0
ip link set bond0 up
ip -6 addr add "fd8f:6d53:b97a:1:0:0:b:$(printf %x "$index")/104" dev bond0 nodad
# Pods answer to this pod, which alone knows the way back.
rule iptables nat POSTROUTING ! -o bond0+ -j MASQUERADE
rule iptables mangle POSTROUTING -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu
