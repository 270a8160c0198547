# Debian packages of the testbed. Sourced after eng/steps.sh.

testbed_packages=(golang-go golang-github-modern-go-reflect2-dev gcc libc6-dev make rsync dpkg-dev ca-certificates curl openssl util-linux procps iproute2 nftables
  etcd-server containerd runc containernetworking-plugins iptables ipset conntrack ebtables ethtool socat kmod
  busybox-static jq netcat-openbsd wget dnsmasq-base bind9-dnsutils iperf3)

# need_testbed_packages: installs what is missing. Services that come along do not stay: the testbed runs its own.
need_testbed_packages() {
  local service new=()
  for service in containerd:containerd etcd-server:etcd; do
    dpkg-query -W -f='${Status}' "${service%:*}" 2>/dev/null | grep -q 'ok installed' || new+=("${service#*:}")
  done
  need_packages "${testbed_packages[@]}" || return
  for service in "${new[@]}"; do
    if [ -d /run/systemd/system ]; then
      systemctl disable --now "$service" >/dev/null 2>&1 || true
    else
      update-rc.d "$service" disable >/dev/null 2>&1 || true
    fi
  done
}
