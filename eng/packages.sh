# Which Debian packages are needed for what. Sourced, not run.

# A linker for ahead-of-time compilation; ip, nft, dnsmasq for the lab.
build_packages=(clang lld zlib1g-dev libc6-dev libssl-dev)
lab_packages=(iproute2 nftables dnsmasq-base util-linux procps)
# Go and its libraries render the chart as Helm does, which is not in Debian (eng/helm-render.sh).
chart_packages=(golang-go golang-github-masterminds-sprig-dev golang-github-ghodss-yaml-dev golang-github-xeipuuv-gojsonschema-dev)
test_packages=(etcd-server etcd-client conntrack tcpdump strace containernetworking-plugins iputils-ping "${chart_packages[@]}")
