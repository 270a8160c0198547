# Margay in the testbed, made from this tree and installed as docs/install/kubernetes.md says. Sourced, not run.

# What eng/helm-render is made of: there is no Helm in Debian.
chart_packages=(golang-go golang-github-masterminds-sprig-dev golang-github-ghodss-yaml-dev golang-github-xeipuuv-gojsonschema-dev)

load_margay_images() {
  local image
  for image in node cni server; do load_everywhere "artifacts/images/margay-$image.tar"; done
}

# The aggregated API server is hostNetwork because the control plane reaches no pods of a pod network here.
apply_margay() {
  local values=$state/margay-values.yaml chart=$state/margay.yaml again=''
  printf '%s\n' >"$values" \
    "installation: {calicoNetwork: {ipPools: [{name: default-ipv4-ippool, cidr: $pod_range}]}}" \
    'apiServer: {enabled: true, replicas: 1, hostNetwork: true, tls: {mode: helm}}'
  eng/helm-render.sh -n margay-system -f "$values" deploy/helm/margay >"$chart"
  ! kubectl -n margay-system get daemonset/margay-node 2>/dev/null || again=yes
  kubectl apply -f deploy/crds
  kubectl create namespace margay-system --dry-run=client -o yaml | kubectl apply -f -
  kubectl apply -f "$chart"
  # The tag of the images stays the same when what is in them changes, and the certificate is another one at each rendering.
  [ -z "$again" ] || kubectl -n margay-system rollout restart daemonset/margay-node deployment/margay-api deployment/margay-controllers
}

await_margay() {
  kubectl -n margay-system rollout status daemonset/margay-node --timeout=120s
  kubectl wait node --all --for=condition=Ready --timeout=60s
  kubectl -n margay-system rollout status deployment/margay-api --timeout=120s
  kubectl -n margay-system rollout status deployment/margay-controllers --timeout=120s
  kubectl wait apiservice/v3.projectcalico.org --for=condition=Available --timeout=60s
}

testbed_margay() {
  need_dotnet
  need_packages "${build_packages[@]}" "${chart_packages[@]}" || return
  step "Margay's images" eng/images || return
  step "images into the nodes" fresh load_margay_images || return
  step "definitions and chart" fresh apply_margay || return
  step "Margay is ready" fresh await_margay || return
}
