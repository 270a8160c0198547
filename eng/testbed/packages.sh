# Debian packages of the testbed. Sourced after eng/steps.sh.

testbed_packages=(golang-go golang-github-modern-go-reflect2-dev gcc libc6-dev make rsync dpkg-dev ca-certificates curl openssl util-linux procps iproute2 nftables
  etcd-server containerd runc containernetworking-plugins iptables ipset conntrack ebtables ethtool socat kmod
  busybox-static jq netcat-openbsd wget dnsmasq-base bind9-dnsutils iperf3)
