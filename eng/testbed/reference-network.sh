# --cni bridge: a plain network to compare with, of Debian's CNI plugins: each pod a routed pair of interfaces with an address of
# its node's range, and static routes between the nodes. --cni gke: the same, with interfaces named as GKE's plugin names them,
# so that Margay can stand beside it as policy alone. Sourced, not run.

pod_ranges_of() { kubectl get node "$1" -o 'jsonpath={range .spec.podCIDRs[*]}{@}{"\n"}{end}'; }
has_pod_range() { [ -n "$(pod_ranges_of "$1")" ]; }

install_reference_network() { # NODE
  local directory plugin
  directory=$(node_dir "$1")
  await kube-controller-manager has_pod_range "$1"
  for plugin in ptp host-local portmap; do install "/usr/lib/cni/$plugin" "$directory/opt/cni/bin/$plugin"; done
  [ "$cni" != gke ] || install eng/testbed/name-interface "$directory/opt/cni/bin/name-interface"
  route_to_pods "$1"
  # containerd looks again after a rename inside of the folder, and not after one that comes from elsewhere.
  write_reference_network "$1" >"$directory/etc/cni/net.d/10-reference.new"
  mv "$directory/etc/cni/net.d/10-reference.new" "$directory/etc/cni/net.d/10-reference.conflist"
}

write_reference_network() { # NODE
  local range ranges='' routes='' naming=''
  [ "$cni" != gke ] || naming='{ "type": "name-interface", "prefix": "gke" },'
  for range in $(pod_ranges_of "$1"); do
    ranges+="${ranges:+, }[{ \"subnet\": \"$range\" }]"
    case $range in *:*) routes+=', { "dst": "::/0" }' ;; *) routes='{ "dst": "0.0.0.0/0" }' ;; esac
  done
  cat <<JSON
{
  "cniVersion": "0.4.0", "name": "reference",
  "plugins": [
    { "type": "ptp", "ipMasq": false, "ipam": { "type": "host-local", "ranges": [$ranges], "routes": [$routes] } },
    $naming
    { "type": "portmap", "capabilities": { "portMappings": true } }
  ]
}
JSON
}

# route_to_pods NODE: tells the other nodes and the machine (for webhooks and aggregated API servers) how to reach NODE's pods.
route_to_pods() {
  local range gateway other
  for range in $(pod_ranges_of "$1"); do
    case $range in *:*) gateway=$(node_address6 "$1") ;; *) gateway=$(node_address "$1") ;; esac
    for other in $(node_names); do
      [ "$other" = "$1" ] || ip -n "$(node_namespace "$other")" route replace "$range" via "$gateway"
    done
    route_from_machine "$range" "$gateway"
  done
}
