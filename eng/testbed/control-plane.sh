# etcd, API server, controller manager, scheduler: in the machine's own namespaces, listening on the bridge's address. Sourced, not run.

start_etcd() {
  local c=$certificates a
  a=$(control_address)
  start_part etcd etcd --name "$name" --data-dir "$state/etcd" \
    --listen-client-urls "https://$a:2379" --advertise-client-urls "https://$a:2379" \
    --listen-peer-urls "https://$a:2380" --initial-advertise-peer-urls "https://$a:2380" --initial-cluster "$name=https://$a:2380" \
    --client-cert-auth --trusted-ca-file "$c/ca.crt" --cert-file "$c/etcd.crt" --key-file "$c/etcd.key" \
    --peer-client-cert-auth --peer-trusted-ca-file "$c/ca.crt" --peer-cert-file "$c/etcd.crt" --peer-key-file "$c/etcd.key"
}

etcd_answers() {
  local c=$certificates health
  health=$(curl -sf --max-time 2 --cacert "$c/ca.crt" --cert "$c/etcd.crt" --key "$c/etcd.key" "https://$(control_address):2379/health")
  [[ $health == *true* ]]
}

start_kube_apiserver() {
  local c=$certificates services=$service_range features=()
  if [ "$dual_stack" = yes ]; then
    services+=,$service_range6
    features=(--feature-gates=IPv6DualStack=true)
  fi
  start_part kube-apiserver "$kubernetes_bin/kube-apiserver" "${features[@]}" \
    --bind-address="$(control_address)" --advertise-address="$(control_address)" --secure-port="$api_port" --insecure-port=0 \
    --etcd-servers="https://$(control_address):2379" \
    --etcd-cafile="$c/ca.crt" --etcd-certfile="$c/etcd.crt" --etcd-keyfile="$c/etcd.key" \
    --tls-cert-file="$c/kube-apiserver.crt" --tls-private-key-file="$c/kube-apiserver.key" --client-ca-file="$c/ca.crt" \
    --kubelet-certificate-authority="$c/ca.crt" --kubelet-client-certificate="$c/kubelet-client.crt" \
    --kubelet-client-key="$c/kubelet-client.key" --kubelet-preferred-address-types=InternalIP \
    --service-account-key-file="$c/service-account.pub" --service-account-signing-key-file="$c/service-account.key" \
    --service-account-issuer=https://kubernetes.default.svc.cluster.local \
    --requestheader-client-ca-file="$c/front-proxy-ca.crt" --requestheader-allowed-names=front-proxy-client \
    --requestheader-username-headers=X-Remote-User --requestheader-group-headers=X-Remote-Group \
    --requestheader-extra-headers-prefix=X-Remote-Extra- \
    --proxy-client-cert-file="$c/front-proxy-client.crt" --proxy-client-key-file="$c/front-proxy-client.key" \
    --enable-aggregator-routing=true --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction \
    --allow-privileged=true --service-cluster-ip-range="$services" --event-ttl=1h --profiling=false
}

start_kube_controller_manager() {
  local c=$certificates pods=$pod_range services=$service_range features=()
  if [ "$dual_stack" = yes ]; then
    pods+=,$pod_range6 services+=,$service_range6
    features=(--feature-gates=IPv6DualStack=true --node-cidr-mask-size-ipv4=24 --node-cidr-mask-size-ipv6=64)
  fi
  start_part kube-controller-manager "$kubernetes_bin/kube-controller-manager" "${features[@]}" \
    --kubeconfig="$c/kube-controller-manager.kubeconfig" --authentication-kubeconfig="$c/kube-controller-manager.kubeconfig" \
    --authorization-kubeconfig="$c/kube-controller-manager.kubeconfig" --bind-address="$(control_address)" --port=0 \
    --tls-cert-file="$c/kube-controller-manager.crt" --tls-private-key-file="$c/kube-controller-manager.key" \
    --cluster-signing-cert-file="$c/ca.crt" --cluster-signing-key-file="$c/ca.key" --root-ca-file="$c/ca.crt" \
    --service-account-private-key-file="$c/service-account.key" --use-service-account-credentials=true --leader-elect=false \
    --allocate-node-cidrs=true --cluster-cidr="$pods" --service-cluster-ip-range="$services"
}

start_kube_scheduler() {
  local c=$certificates
  start_part kube-scheduler "$kubernetes_bin/kube-scheduler" \
    --kubeconfig="$c/kube-scheduler.kubeconfig" --authentication-kubeconfig="$c/kube-scheduler.kubeconfig" \
    --authorization-kubeconfig="$c/kube-scheduler.kubeconfig" --bind-address="$(control_address)" --port=0 \
    --tls-cert-file="$c/kube-scheduler.crt" --tls-private-key-file="$c/kube-scheduler.key" --leader-elect=false
}

kubectl() { "$kubernetes_bin/kubectl" --kubeconfig="$kubeconfig" "$@"; }

api_ready() { kubectl get --raw /readyz --request-timeout=2s; }

# start_control PART: one part of the control plane, and waits until it answers.
start_control() {
  case $1 in
  etcd) start_etcd; await "$1" etcd_answers ;;
  kube-apiserver) start_kube_apiserver; await "$1" api_ready ;;
  kube-controller-manager) start_kube_controller_manager; await "$1" answers_health 10257 ;;
  kube-scheduler) start_kube_scheduler; await "$1" answers_health 10259 ;;
  *) die "$1 is no part of the control plane: ${parts_control[*]}" ;;
  esac
}

answers_health() { curl -sf --max-time 2 --cacert "$certificates/ca.crt" "https://$(control_address):$1/healthz"; }
