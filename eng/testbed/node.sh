# A node: a network namespace, a first process with namespaces of its own, and containerd, kubelet, kube-proxy in them. Sourced, not run.

# node_pid NODE: its first process, as this machine numbers it.
node_pid() {
  local pid
  for pid in $(cgroup_pids "$1/init"); do
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != node-init ] || { echo "$pid"; return; }
  done
}

node_ready() { [ -n "$(node_pid "$1")" ] && [ -f "/proc/$(node_pid "$1")/root/run/testbed/ready" ]; }

# in_node NODE COMMAND...: runs the command as if on the node.
in_node() {
  local pid
  pid=$(node_pid "$1")
  [ -n "$pid" ] || die "the node $1 does not run: ./testbed up"
  shift
  nsenter --target "$pid" --mount --net --pid --uts -- "$@"
}

# make_mount_points: the machine's side of node_kept; notes what was not there, so that `down` takes it away again.
make_mount_points() {
  local path
  for path in "${node_kept[@]}"; do
    [ -d "$path" ] || { mkdir "$path" && echo "$path" >>"$states/made"; }
  done
}

# raise_watches: with control groups of version 2 each container has an instance of inotify, besides what kubelets and containerds have,
# and a stock machine allows root 128 in all. `down` puts back what was there.
raise_watches() {
  local file=/proc/sys/fs/inotify/max_user_instances before wanted=1024
  before=$(cat "$file")
  [ "$before" -lt "$wanted" ] || return 0
  echo "$wanted" >"$file" || { echo "$file stays at $before: pods may miss instances of inotify"; return 0; }
  echo "$before" >"$states/watches"
}

start_machine() { # NODE
  local directory deadline=$((SECONDS + patience))
  directory=$(node_dir "$1")
  make_node_network "$1"
  cgroup_make "$1/init"
  cgroup_make "$1/pods"
  [ -n "$(node_pid "$1")" ] || start_first_process "$1" "$directory"
  while [ $SECONDS -lt $deadline ]; do
    ! node_ready "$1" || return 0
    sleep 0.05
  done
  echo "the first process of $1 does not get ready; its output:"
  tail -n 20 "$part_logs/$1.init.log"
  return 1
}

start_first_process() { # NODE, DIRECTORY
  mkdir -p "$2/etc/cni/net.d" "$part_logs"
  # What the container runtime itself calls on every node, whichever network is installed.
  install -D /usr/lib/cni/loopback "$2/opt/cni/bin/loopback"
  node_hosts >"$2/etc/hosts"
  echo "# no names outside the cluster" >"$2/etc/resolv.conf"
  (
    cgroup_join "$1/init"
    exec setsid nsenter --net="/run/netns/$(node_namespace "$1")" unshare --mount --pid --uts --fork --kill-child \
      "$PWD/eng/testbed/node-init" "$1" "$2" "${node_kept[@]}" >>"$part_logs/$1.init.log" 2>&1 </dev/null 9>&-
  ) &
}

node_hosts() {
  local node
  echo "127.0.0.1 localhost"
  echo "$(control_address) control"
  for node in $(node_names); do echo "$(node_address "$node") $node"; done
}

# start_in_node NODE PART COMMAND...
start_in_node() {
  local node=$1 part=$2 pid
  shift 2
  pid=$(node_pid "$node")
  [ -n "$pid" ] || die "the node $node does not run: ./testbed up"
  start_part "$node/$part" nsenter --target "$pid" --mount --net --pid --uts -- "$@"
}

# A part that runs keeps its file: kube-proxy ends when it is written.
runs() { [ -n "$(part_pid "$1")" ]; }

start_containerd() { # NODE
  local file
  ! runs "$1/containerd" || return 0
  file=$(node_dir "$1")/containerd.toml
  write_containerd_config >"$file"
  start_in_node "$1" containerd containerd --config "$file"
}

write_containerd_config() {
  cat <<TOML
version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
oom_score = 0
[grpc]
  address = "/run/containerd/containerd.sock"
[metrics]
  address = "127.0.0.1:1338"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "k8s.gcr.io/pause:3.2"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/opt/cni/bin"
    conf_dir = "/etc/cni/net.d"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "$(snapshotter)"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
TOML
}

# An overlay cannot stand on an overlay (the machine may be a container itself).
snapshotter() { [ "$(stat -f -c %T "$state")" = overlayfs ] && echo native || echo overlayfs; }

start_kubelet() { # NODE
  local file c=$certificates features=() addresses
  ! runs "$1/kubelet" || return 0
  file=$(node_dir "$1")/kubelet.yaml addresses=$(node_address "$1")
  if [ "$dual_stack" = yes ]; then
    features=(--feature-gates=IPv6DualStack=true)
    addresses+=,$(node_address6 "$1")
  fi
  cat >"$file" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $(node_address "$1")
authentication:
  anonymous: { enabled: false }
  webhook: { enabled: true }
  x509: { clientCAFile: $c/ca.crt }
authorization: { mode: Webhook }
tlsCertFile: $c/$1.crt
tlsPrivateKeyFile: $c/$1.key
clusterDomain: cluster.local
clusterDNS: [$dns_address]
resolvConf: /etc/resolv.conf
cgroupDriver: cgroupfs
cgroupRoot: /$(cgroup_of "$1/pods")
failSwapOn: false
oomScoreAdj: 0
# There is no registry to fetch an image from again.
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
evictionHard: { nodefs.available: 1%, imagefs.available: 1%, memory.available: 100Mi }
containerLogMaxSize: 10Mi
syncFrequency: 10s
YAML
  # Without the variable it waits ten seconds for a cloud to answer.
  start_in_node "$1" kubelet env AWS_EC2_METADATA_DISABLED=true "$kubernetes_bin/kubelet" "${features[@]}" --config="$file" --kubeconfig="$c/$1.kubeconfig" \
    --hostname-override="$1" --node-ip="$addresses" --root-dir=/var/lib/kubelet \
    --container-runtime=remote --container-runtime-endpoint=unix:///run/containerd/containerd.sock --housekeeping-interval=10s
}

start_kube_proxy() { # NODE
  local file gates='' pods=$pod_range
  ! runs "$1/kube-proxy" || return 0
  file=$(node_dir "$1")/kube-proxy.yaml
  if [ "$dual_stack" = yes ]; then
    gates='featureGates: { IPv6DualStack: true }'
    pods+=,$pod_range6
  fi
  cat >"$file" <<YAML
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: iptables
hostnameOverride: $1
bindAddress: $(node_address "$1")
clusterCIDR: $pods
clientConnection: { kubeconfig: $certificates/kube-proxy.kubeconfig }
oomScoreAdj: 0
# The limits of connection tracking are the machine's; its times are each network namespace's.
conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: 24h, tcpCloseWaitTimeout: 1h }
$gates
YAML
  start_in_node "$1" kube-proxy "$kubernetes_bin/kube-proxy" --config="$file"
}

containerd_answers() { in_node "$1" ctr version; }
kubelet_answers() { in_node "$1" curl -sf --max-time 2 http://127.0.0.1:10248/healthz; }
proxy_answers() { in_node "$1" curl -sf --max-time 2 "http://$(node_address "$1"):10256/healthz"; }
node_registered() { kubectl get node "$1" --request-timeout=2s; }

start_on_node() { # PART, NODE
  case $1 in
  containerd) start_containerd "$2"; await "$2/$1" containerd_answers "$2" ;;
  kubelet) start_kubelet "$2"; await "$2/$1" kubelet_answers "$2"; await "$2/$1" node_registered "$2" ;;
  kube-proxy) start_kube_proxy "$2"; await "$2/$1" proxy_answers "$2" ;;
  *) die "$1 is no part of a node: ${parts_node[*]}" ;;
  esac
}

# each_node COMMAND...: the command for all nodes at once; fails when it fails for one.
each_node() {
  local node pids=() pid failed=0
  for node in $(node_names); do
    "$@" "$node" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
  return $failed
}

# start_runtimes: nodes as far as they need no control plane.
start_runtimes() {
  each_node start_machine
  [ "$cni" != none ] || reach_pods
  each_node start_on_node containerd
  each_node load_standard_images
}

# start_the_rest: what only needs the API server, at once.
start_the_rest() {
  local failed=0 pid pids=()
  start_control kube-controller-manager & pids+=($!)
  start_control kube-scheduler & pids+=($!)
  each_node start_on_node kubelet & pids+=($!)
  each_node start_on_node kube-proxy & pids+=($!)
  for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
  return $failed
}
