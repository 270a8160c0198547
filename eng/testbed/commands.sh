# What ./testbed's smaller commands do. Sourced, not run.

prepare() {
  make_mount_points
  raise_watches
  make_bridge
  make_certificates
}

# install_dns: without a network its pod waits for one.
install_dns() {
  build_images dns
  each_node load_dns_image
  kubectl apply -f eng/testbed/dns.yaml
  [ "$cni" != none ] || return 0
  kubectl --namespace kube-system rollout status deployment/kube-dns --timeout="${patience}s" || {
    kubectl --namespace kube-system describe pods -l k8s-app=kube-dns | tail -n 12
    kubectl --namespace kube-system logs -l k8s-app=kube-dns --tail=5
    return 1
  }
}

show_status() {
  local part pid
  while read -r part; do
    pid=$(part_pid "$part")
    printf '%-26s %s\n' "$part" "${pid:-does not run}"
  done < <(all_parts)
  kubectl get nodes -o wide --request-timeout=5s || true
  [ -z "$(all_parts | while read -r part; do [ -n "$(part_pid "$part")" ] || echo "$part"; done)" ]
}

check_part() {
  grep -qx "$1" <(all_parts) || die "there is no part $1. Parts are:" "$(all_parts | tr '\n' ' ')"
}

stop_named_part() {
  check_part "$1"
  stop_part "$@"
}

start_named_part() {
  check_part "$1"
  case $1 in
  */*) start_on_node "${1#*/}" "${1%/*}" ;;
  *) start_control "$1" ;;
  esac
}

load_everywhere() { each_node load_image_file "$1"; }
load_image_file() { load_image "$2" "$1"; }

remove_node() {
  kubectl delete node "$1" --ignore-not-found --wait=false || true
  cgroup_remove "$1"
  remove_node_network "$1"
  rm -rf --one-file-system "$(node_dir "$1")"
}
