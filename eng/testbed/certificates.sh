# Keys and certificates of the cluster, made with openssl: one authority for the cluster, one for aggregated API servers.
# What exists stays, so a second run changes nothing. Sourced, not run.

make_key() { [ -s "$1" ] || { openssl ecparam -name prime256v1 -genkey -noout -out "$1.new" && chmod 600 "$1.new" && mv "$1.new" "$1"; }; }

make_authority() { # FILE, NAME
  make_key "$1.key"
  [ -s "$1.crt" ] || openssl req -x509 -new -key "$1.key" -subj "/CN=$2" -days 3650 -out "$1.crt" \
    -addext keyUsage=critical,keyCertSign,cRLSign
}

# make_certificate FILE AUTHORITY SUBJECT [ADDRESSES]: for clients, and with ADDRESSES (subjectAltName) for servers, too.
make_certificate() {
  make_key "$1.key"
  [ ! -s "$1.crt" ] || return 0
  {
    echo keyUsage=critical,digitalSignature
    echo extendedKeyUsage=clientAuth,serverAuth
    [ -z "${4:-}" ] || echo "subjectAltName=$4"
  } >"$1.ext"
  openssl req -new -key "$1.key" -subj "$3" -out "$1.csr"
  openssl x509 -req -in "$1.csr" -CA "$2.crt" -CAkey "$2.key" -set_serial "0x$(openssl rand -hex 12)" -days 3650 -extfile "$1.ext" -out "$1.crt.new"
  mv "$1.crt.new" "$1.crt"
  rm -f "$1.csr" "$1.ext"
}

make_certificates() {
  local c=$certificates addresses node
  mkdir -p "$c"
  addresses="DNS:localhost,IP:127.0.0.1,IP:$(control_address),IP:$(control_address6)"
  make_authority "$c/ca" testbed-ca
  make_authority "$c/front-proxy-ca" testbed-front-proxy-ca
  [ -s "$c/service-account.key" ] || openssl genrsa -out "$c/service-account.key" 2048
  [ -s "$c/service-account.pub" ] || openssl rsa -in "$c/service-account.key" -pubout -out "$c/service-account.pub"
  make_certificate "$c/etcd" "$c/ca" /CN=etcd "$addresses"
  make_certificate "$c/kube-apiserver" "$c/ca" /CN=kube-apiserver \
    "$addresses,IP:$api_service_address,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local"
  make_certificate "$c/kubelet-client" "$c/ca" /O=system:masters/CN=kube-apiserver-kubelet-client
  make_certificate "$c/front-proxy-client" "$c/front-proxy-ca" /CN=front-proxy-client
  make_certificate "$c/kube-controller-manager" "$c/ca" /CN=system:kube-controller-manager "$addresses"
  make_certificate "$c/kube-scheduler" "$c/ca" /CN=system:kube-scheduler "$addresses"
  make_certificate "$c/kube-proxy" "$c/ca" /CN=system:kube-proxy
  make_certificate "$c/admin" "$c/ca" /O=system:masters/CN=admin
  for node in $(node_names); do
    make_certificate "$c/$node" "$c/ca" "/O=system:nodes/CN=system:node:$node" "DNS:$node,IP:$(node_address "$node"),IP:$(node_address6 "$node")"
  done
  make_kubeconfigs
}

make_kubeconfigs() {
  local user
  write_kubeconfig admin "$kubeconfig"
  for user in kube-controller-manager kube-scheduler kube-proxy $(node_names); do
    write_kubeconfig "$user" "$certificates/$user.kubeconfig"
  done
}

write_kubeconfig() { # USER, FILE
  local c=$certificates
  (umask 077 && cat >"$2.new") <<YAML
apiVersion: v1
kind: Config
current-context: $name
clusters:
  - name: $name
    cluster: { server: "https://$(control_address):$api_port", certificate-authority-data: $(base64 -w0 "$c/ca.crt") }
users:
  - name: $1
    user: { client-certificate-data: $(base64 -w0 "$c/$1.crt"), client-key-data: $(base64 -w0 "$c/$1.key") }
contexts:
  - name: $name
    context: { cluster: $name, user: $1 }
YAML
  mv "$2.new" "$2"
}
