# ./testbed up and ./testbed build: the order of things. Sourced by ./testbed.

. eng/testbed/packages.sh

testbed_build() {
  need_dotnet
  need_packages "${build_packages[@]}" || return
  need_packages "${testbed_packages[@]}" || return
  [ -x "$kubernetes_bin/pause" ] || echo "Kubernetes $kubernetes_version is built once, which takes about 10 minutes on two cores."
  step "Kubernetes $kubernetes_version" eng/testbed/build-kubernetes || return
  step "the next Debian's kubectl" eng/testbed/newer-kubectl || return
  step "images" fresh build_standard_images
}

runtimes='' # the process that starts them

testbed_up() {
  local wanted='' cni_wanted='' dual_wanted='' began
  while [ $# -gt 0 ]; do
    case $1 in
    --nodes) wanted=${2:-}; shift 2 || usage; [[ $wanted =~ ^[1-9][0-9]?$ ]] || die "--nodes $wanted: a number from 1 to 99" ;;
    --cni) cni_wanted=${2:-}; shift 2 || usage; [[ $cni_wanted =~ ^(none|bridge|gke)$ ]] || die "--cni $cni_wanted: none, bridge or gke" ;;
    --dual-stack) dual_wanted=yes; shift ;;
    --name) die "--name stands before the command: ./testbed --name ${2:-NAME} up" ;;
    *) usage ;;
    esac
  done
  take_lock -n
  settle "$wanted" "$cni_wanted" "$dual_wanted"
  testbed_build 9>&- || return
  began=$SECONDS

  step "network and certificates" fresh prepare || return
  mkdir -p "$part_logs"
  # A process group of its own, which can be ended as a whole; what it has started by then is in others and stays for the next `up`.
  setsid eng/testbed/run start_runtimes >"$part_logs/runtimes.log" 2>&1 </dev/null &
  runtimes=$!
  trap end_runtimes EXIT
  trap 'exit 1' INT TERM HUP
  step "etcd" fresh start_control etcd || return
  step "API server" fresh start_control kube-apiserver || return
  step "$nodes nodes: namespaces, containerd, images" finish_runtimes || return
  step "controllers, scheduler, $nodes kubelets and kube-proxies" fresh start_the_rest || return
  [ "$cni" = none ] || step "$nodes nodes: reference network" fresh each_node install_reference_network || return
  # The cluster can be used while the compiler works on this.
  step "the name server's program" eng/publish margay-testbed-dns 9>&- || return
  step "names of services" fresh install_dns || return
  echo "The testbed $name is up ($((SECONDS - began)) s): export KUBECONFIG=$kubeconfig"
  [ "$cni" != none ] || echo "Its nodes are not ready until a network is installed in them."
}

# The nodes' runtimes start beside the control plane; this waits for them and hands over what they said.
finish_runtimes() {
  local code=0
  wait "$runtimes" || code=$?
  runtimes=''
  cat "$part_logs/runtimes.log"
  return $code
}

# An `up` that fails or is interrupted before that leaves nobody at work behind it.
end_runtimes() {
  [ -n "$runtimes" ] || return 0
  kill -- "-$runtimes" 2>/dev/null || kill "$runtimes" 2>/dev/null || true
  wait "$runtimes" 2>/dev/null || true
}

# settle NODES CNI DUAL_STACK: what is asked for now, over what was asked for before.
settle() {
  local before_cni=${cni:-} before_dual=${dual_stack:-} before_nodes=${nodes:-0} number
  [ -z "$2" ] || [ -z "$before_cni" ] || [ "$2" = "$before_cni" ] ||
    die "--cni $2: the testbed $name runs with --cni $before_cni: ./testbed down first"
  [ -z "$3" ] || [ "$before_dual" != no ] || die "--dual-stack: the testbed $name runs with IPv4 alone: ./testbed down first"
  fresh settle_specification "${1:-${nodes:-3}}" "${2:-${cni:-none}}" "${3:-${dual_stack:-no}}"
  . "$spec"
  for ((number = nodes + 1; number <= before_nodes; number++)); do step "removing n$number" fresh remove_node "n$number"; done
}
