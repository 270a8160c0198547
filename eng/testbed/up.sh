# ./testbed up and ./testbed build: the order of things. Sourced by ./testbed.

. eng/testbed/packages.sh

testbed_build() {
  need_dotnet
  need_packages "${build_packages[@]}" || return
  need_testbed_packages || return
  [ -d "$kubernetes_bin" ] || echo "Kubernetes $kubernetes_version is built once, which takes about 10 minutes on two cores."
  step "Kubernetes $kubernetes_version" eng/testbed/build-kubernetes || return
  step "the name server's program" eng/publish margay-testbed-dns || return
  step "images" fresh build_images
}

testbed_up() {
  local wanted='' cni_wanted='' dual_wanted='' part began=$SECONDS
  while [ $# -gt 0 ]; do
    case $1 in
    --nodes) wanted=${2:-}; shift 2 || usage; [[ $wanted =~ ^[1-9][0-9]?$ ]] || die "--nodes $wanted: a number from 1 to 99" ;;
    --cni) cni_wanted=${2:-}; shift 2 || usage; [[ $cni_wanted =~ ^(none|bridge)$ ]] || die "--cni $cni_wanted: none or bridge" ;;
    --dual-stack) dual_wanted=yes; shift ;;
    --name) die "--name stands before the command: ./testbed --name ${2:-NAME} up" ;;
    *) usage ;;
    esac
  done
  exec 9>"/run/margay-testbed-$name.lock"
  flock -n 9 || die "another ./testbed is changing $name: wait for it"
  settle "$wanted" "$cni_wanted" "$dual_wanted"
  testbed_build || return
  began=$SECONDS

  step "network and certificates" fresh prepare || return
  for part in etcd kube-apiserver kube-controller-manager kube-scheduler; do step "$part" fresh start_control "$part" || return; done
  step "$nodes nodes: namespaces" fresh each_node start_machine || return
  step "$nodes nodes: containerd" fresh each_node start_on_node containerd || return
  step "$nodes nodes: images" fresh each_node load_standard_images || return
  step "$nodes nodes: kubelet" fresh each_node start_on_node kubelet || return
  step "$nodes nodes: kube-proxy" fresh each_node start_on_node kube-proxy || return
  [ "$cni" = none ] || step "$nodes nodes: reference network" fresh each_node install_reference_network || return
  step "names of services" fresh install_dns || return
  echo "The testbed $name is up ($((SECONDS - began)) s): export KUBECONFIG=$kubeconfig"
  [ "$cni" != none ] || echo "Its nodes are not ready until a network is installed in them."
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
