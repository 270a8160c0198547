# Where the testbed keeps things, which versions it builds, and its plan of addresses. Sourced, not run.

# What is built once and outlives the repository. Everything in it can be deleted; it is built again.
cache=${MARGAY_CACHE:-/var/cache/margay}
kubernetes_version=1.20.2
kubernetes_bin=$cache/kubernetes-$kubernetes_version/bin
newer_kubectl=$cache/kubectl-newer
images=$cache/images

# One testbed: a name and a folder. (Not below /var/lib/margay: each node has one of its own there.)
name=${TESTBED_NAME:-testbed}
states=/var/lib/margay-testbed
state=$states/$name
part_logs=$state/log
spec=$state/spec
certificates=$state/certificates
kubeconfig=$state/kubeconfig
# What a node has of its own below its folder, mounted over the machine's. The rest of the file system is the machine's.
node_kept=(/etc/cni /opt/cni /var/lib/cni /var/lib/kubelet /var/lib/containerd /var/lib/margay /var/lib/calico /var/log)
parts_control=(etcd kube-apiserver kube-controller-manager kube-scheduler)
parts_node=(containerd kubelet kube-proxy)

# Seconds that a step may take to bring about one thing, after which it fails: not how long it takes.
patience=${MARGAY_TESTBED_PATIENCE:-180}

pod_range=10.244.0.0/16
service_range=10.96.0.0/16
dns_address=10.96.0.10
api_service_address=10.96.0.1
pod_range6=fd00:10:244::/56
service_range6=fd00:10:96::/112
api_port=6443

# The stored specification: index nodes cni dual_stack.
if [ -f "$spec" ]; then . "$spec"; fi

# Everything in the machine's own network namespace carries the index: the bridge, its ports, its addresses.
bridge() { echo "tb$index"; }
port_of() { echo "tb$index-$1"; }
control_address() { echo "10.97.$index.1"; }
control_address6() { echo "fd00:10:97:$index::1"; }
node_names() { local i; for ((i = 1; i <= nodes; i++)); do echo "n$i"; done; }
node_number() { echo "${1#n}"; }
node_address() { echo "10.97.$index.$((10 + ${1#n}))"; }
node_address6() { echo "fd00:10:97:$index::$((10 + ${1#n}))"; }
node_namespace() { echo "$name.$1"; } # a dot: `margay lab` names its namespaces NAME-MACHINE
node_dir() { echo "$state/nodes/$1"; }

die() {
  printf '%s\n' "$@" >&2
  exit 1
}
