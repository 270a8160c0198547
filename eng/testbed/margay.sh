# Margay in the testbed, made from a tree of its sources and installed as docs/install says. Sourced, not run.

# tree_of REVISION: a folder with the sources of a revision, which stays: the next call builds only what is new.
tree_of() {
  local commit tree
  commit=$(git rev-parse --verify --quiet "$1^{commit}") || die "--revision $1: git knows no such commit"
  tree=$PWD/artifacts/revisions/$commit
  if [ ! -d "$tree" ]; then
    # A clone and no worktree: it belongs to artifacts, and git need not remember it.
    rm -rf "$tree.new"
    git clone --quiet --shared --no-checkout . "$tree.new" >&2
    git -C "$tree.new" checkout --quiet --detach "$commit" >&2
    mv "$tree.new" "$tree"
  fi
  echo "$tree"
}

make_images() { "$1/eng/images"; } # TREE

load_margay_images() { # TREE
  local image
  for image in node cni server; do load_everywhere "$1/artifacts/images/margay-$image.tar"; done
}

# What a user would write for such a cluster. The aggregated API server is hostNetwork because the control plane reaches pods through
# one node here.
margay_values() {
  local pools="{name: default-ipv4-ippool, cidr: $pod_range}" six=false
  if [ "$dual_stack" = yes ]; then
    pools+=", {name: default-ipv6-ippool, cidr: '$pod_range6', blockSize: 122, natOutgoing: Disabled}"
    six=true
  fi
  case $cni in
  none) echo "installation: {cni: {assignIpv6: '$six'}, calicoNetwork: {ipPools: [$pools]}}" ;;
  gke) echo 'installation: {cni: {type: GKE}}' ;; # policy only
  esac
  echo 'apiServer: {enabled: true, replicas: 1, hostNetwork: true, tls: {mode: helm}}'
  echo 'installationResource: {enabled: true}'
}

apply_margay() { # TREE
  local values=$state/margay-values.yaml chart=$state/margay.yaml again=''
  margay_values >"$values"
  "$1/eng/helm-render.sh" -n margay-system -f "$values" "$1/deploy/helm/margay" >"$chart"
  ! kubectl -n margay-system get daemonset/margay-node 2>/dev/null || again=yes
  kubectl apply -f "$1/deploy/crds" -f "$1/deploy/operator"
  kubectl wait --for=condition=Established --timeout="${patience}s" -f "$1/deploy/crds" -f "$1/deploy/operator"
  kubectl create namespace margay-system --dry-run=client -o yaml | kubectl apply -f -
  # A new kind is served a moment after it is established: what was refused for that is there the second time.
  kubectl apply -f "$chart" || { sleep 3 && kubectl apply -f "$chart"; }
  # The tag of the images stays the same when what is in them changes, and the certificate is another one at each rendering.
  [ -z "$again" ] || kubectl -n margay-system rollout restart daemonset/margay-node deployment/margay-api deployment/margay-controllers
}

await_margay() {
  kubectl -n margay-system rollout status daemonset/margay-node --timeout="$((4 * patience))s" # one node after the other, and kubelet may take a minute to let a pod go
  kubectl wait node --all --for=condition=Ready --timeout="${patience}s"
  kubectl -n margay-system rollout status deployment/margay-api --timeout="${patience}s"
  kubectl -n margay-system rollout status deployment/margay-controllers --timeout="${patience}s"
  kubectl wait apiservice/v3.projectcalico.org --for=condition=Available --timeout="${patience}s"
  kubectl wait installation/default --for=condition=Ready --timeout="${patience}s"
}

# testbed_margay [--revision REVISION]
testbed_margay() {
  local tree=$PWD
  case $#:${1:-} in
  0:) ;;
  2:--revision) tree=$(fresh tree_of "$2") || return ;;
  *) usage ;;
  esac
  [ "$cni" != bridge ] || die "the testbed $name has a network whose interfaces Margay does not know: down, and up with --cni none or --cni gke"
  need_dotnet
  need_packages "${build_packages[@]}" "${chart_packages[@]}" || return
  step "Margay's images" fresh make_images "$tree" || return
  step "images into the nodes" fresh load_margay_images "$tree" || return
  step "definitions and chart" fresh apply_margay "$tree" || return
  step "Margay is ready" fresh await_margay || return
}
