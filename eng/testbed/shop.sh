# The demo shop as Deployments, and the two machines outside the cluster that it speaks to. Sourced, not run.

# What deploy/shop/50-outside.yaml says: the payment provider and the cloud's metadata service.
outside_addresses=(203.0.113.10 169.254.169.254)

testbed_shop() {
  need_dotnet
  need_packages "${build_packages[@]}" || return
  step "the shop's image" eng/images shop || return
  step "image into the nodes" fresh load_everywhere artifacts/images/margay-shop.tar || return
  step "machines outside the cluster" fresh make_outside || return
  step "the shop" fresh apply_shop || return
}

# A network namespace on the bridge with the addresses of the outside machines, and a way to them for each node. It ends with
# the testbed, whose name it carries.
make_outside() {
  local outside=$name.outside port address node range
  port=$(port_of outside)
  ip -n "$outside" link show lo >/dev/null 2>&1 || ip netns add "$outside"
  ip link show "$port" >/dev/null 2>&1 || ip link add "$port" type veth peer name eth0 netns "$outside"
  ip link set "$port" master "$(bridge)" up
  ip -n "$outside" link set lo up
  ip -n "$outside" link set eth0 up
  for address in "${outside_addresses[@]}"; do ip -n "$outside" address replace "$address/32" dev eth0; done
  ip -n "$outside" route replace "10.97.$index.0/24" dev eth0
  for node in $(node_names); do
    for address in "${outside_addresses[@]}"; do ip -n "$(node_namespace "$node")" route replace "$address/32" dev eth0; done
    # The reference network hides no pod behind its node's address.
    [ "$cni" != none ] || continue
    for range in $(pod_ranges_of "$node"); do
      [[ $range == *:* ]] || ip -n "$outside" route replace "$range" via "$(node_address "$node")"
    done
  done
  start_outside provider 8443
  start_outside metadata 80
  await_outside 8443 && await_outside 80
}

await_outside() { # PORT
  local deadline=$((SECONDS + patience))
  until [ -n "$(ip netns exec "$name.outside" ss -Hltn "sport = :$1")" ]; do
    [ $SECONDS -lt $deadline ] || { echo "nothing listens at port $1 outside the cluster:" && tail -n 5 "$part_logs"/outside.*.log; return 1; }
    sleep 0.1
  done
}

start_outside() { # ROLE, PORT
  local group=outside/$1 program
  program=$(realpath artifacts/dist/margay-shop)
  [ -z "$(cgroup_pids "$group")" ] || return 0
  cgroup_make "$group"
  (
    cgroup_join "$group"
    exec setsid nsenter --net="/run/netns/$name.outside" "$program" "$@" >>"$part_logs/outside.$1.log" 2>&1 </dev/null 9>&-
  ) &
}

apply_shop() {
  local namespace
  # The cluster makes the default accounts at the same moment; the second time they are there.
  kubectl apply -f deploy/shop/00-namespaces.yaml || kubectl apply -f deploy/shop/00-namespaces.yaml
  kubectl apply -f deploy/shop-kubernetes
  for namespace in shop-web shop-core shop-data shop-ops; do
    kubectl -n "$namespace" wait deployment --all --for=condition=Available --timeout="${patience}s"
  done
}
