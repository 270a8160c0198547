# The wire: one bridge in the machine's own network namespace, and a namespace for each node. Sourced, not run.

make_bridge() {
  local link address6
  link=$(bridge) address6=$(control_address6)
  ip link show "$link" >/dev/null 2>&1 || ip link add "$link" type bridge
  ip link set "$link" alias "margay testbed $name" up
  ip address replace "$(control_address)/24" dev "$link"
  [ "$dual_stack" = no ] || ip address replace "$address6/64" dev "$link" nodad
  # Nothing leaves through the machine: its own addresses answer, the rest is unreachable.
  isolate -4
  [ "$dual_stack" = no ] || isolate -6
}

# reach_pods: the machine does not know on which node a pod is, but every node does: the way to pods is the first one. Of several
# testbeds the first has it, since all of them have the same addresses of pods.
reach_pods() {
  local node=n1
  # Who asks for a pod of another node is told to go there himself; the machine would remember that when the address has moved.
  ip netns exec "$(node_namespace "$node")" sysctl -qw net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0
  route_from_machine "$pod_range" "$(node_address "$node")"
  [ "$dual_stack" = no ] || route_from_machine "$pod_range6" "$(node_address6 "$node")"
}

route_from_machine() { # RANGE, GATEWAY
  local family=-4
  [[ $1 != *:* ]] || family=-6
  ip "$family" route add "$1" via "$2" dev "$(bridge)" 2>/dev/null || [[ $(ip "$family" route show "$1") == *" $(bridge) "* ]] ||
    echo "the machine has a route to $1 already: the control plane will not reach pods of $name"
}

isolate() {
  [ -n "$(ip "$1" rule show iif "$(bridge)")" ] || ip "$1" rule add iif "$(bridge)" unreachable
}

remove_bridge() {
  local link family port
  link=$(bridge)
  for family in -4 -6; do
    while [ -n "$(ip "$family" rule show iif "$link" 2>/dev/null)" ]; do ip "$family" rule delete iif "$link"; done
  done
  ip link show "$link" >/dev/null 2>&1 || return 0
  # Ports go by themselves, too, a moment after their namespaces.
  for port in $(ip -o link show master "$link" | awk -F'[ @:]+' '{ print $2 }'); do ip link delete "$port" 2>/dev/null || true; done
  ip link delete "$link"
}

make_node_network() { # NODE
  local namespace port
  namespace=$(node_namespace "$1") port=$(port_of "$1")
  ip -n "$namespace" link show lo >/dev/null 2>&1 || { rm -f "/run/netns/$namespace"; ip netns add "$namespace"; }
  if ! ip link show "$port" >/dev/null 2>&1; then
    ip link add "$port" type veth peer name eth0 netns "$namespace"
  fi
  ip link set "$port" master "$(bridge)" up
  ip -n "$namespace" link set lo up
  ip -n "$namespace" link set eth0 up
  ip -n "$namespace" address replace "$(node_address "$1")/24" dev eth0
  ip -n "$namespace" route replace default via "$(control_address)"
  ip netns exec "$namespace" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
  control_plane_answers_nodes "$namespace"
  [ "$dual_stack" = no ] && return
  ip -n "$namespace" address replace "$(node_address6 "$1")/64" dev eth0 nodad
  ip -n "$namespace" -6 route replace default via "$(control_address6)"
}

# The machine does not know on which node a pod is, so pods speak to the control plane with their node's address.
control_plane_answers_nodes() { # NAMESPACE
  ip netns exec "$1" nft -f - <<NFT
table inet testbed
delete table inet testbed
table inet testbed {
  chain postrouting {
    type nat hook postrouting priority srcnat + 10;
    ip saddr $pod_range ip daddr $(control_address) masquerade
    ip6 saddr $pod_range6 ip6 daddr $(control_address6) masquerade
    # What this node passes on for the control plane: the answer has to come back through it, or its connection tracking knows half of each connection.
    oifname "eth0" ip saddr $(control_address) ip daddr $pod_range masquerade
    oifname "eth0" ip6 saddr $(control_address6) ip6 daddr $pod_range6 masquerade
  }
}
NFT
}

remove_node_network() { # NODE
  ip link delete "$(port_of "$1")" 2>/dev/null || true
  ip netns delete "$(node_namespace "$1")" 2>/dev/null || true
}
