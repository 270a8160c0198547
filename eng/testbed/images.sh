# Container images without a registry: OCI archives of static programs, or of the machine's programs with their libraries.
# Sourced, not run.

# What upstream's tests ask for by name, and the testbed's own.
image_pause=k8s.gcr.io/pause:3.2
image_busybox=docker.io/library/busybox:1.29
image_agnhost=k8s.gcr.io/e2e-test-images/agnhost:2.21
image_dns=localhost/margay/testbed-dns:1
image_iptables=k8s.gcr.io/build-image/debian-iptables:buster-v1.3.0
image_resets=gcr.io/kubernetes-e2e-test-images/regression-issue-74839-amd64:1.0
image_dnsutils=gcr.io/kubernetes-e2e-test-images/jessie-dnsutils:1.0

# Programs that tests run in the agnhost image beside agnhost (upstream's has them, too).
agnhost_tools=(/bin/dash /usr/bin/curl /usr/bin/dig /usr/bin/getent /bin/nc.openbsd /usr/sbin/conntrack /usr/sbin/iptables-save
  /usr/sbin/iptables /usr/sbin/ip6tables /usr/sbin/ipset /bin/ip /usr/bin/iperf3
  /usr/bin/wget /usr/sbin/dnsmasq)

# write_image FILE "NAME..." FOLDER ENTRY...: FOLDER as the only layer of an archive that `ctr images import` takes. Several
# names are one image.
write_image() {
  local file=$1 names=$2 folder=$3 work layer config manifest image entries=''
  shift 3
  work=$(mktemp -d "$images/work.XXXXXX")
  mkdir -p "$work/blobs/sha256"
  tar -C "$folder" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -cf "$work/layer" .
  layer=$(add_blob "$work" "$work/layer")
  printf '{"architecture":"amd64","os":"linux","config":{"Entrypoint":[%s],"Env":["PATH=/usr/sbin:/usr/bin:/sbin:/bin:/"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
    "$(printf '"%s",' "$@" | sed 's/,$//')" "${layer%% *}" >"$work/config"
  config=$(add_blob "$work" "$work/config")
  printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":%s,"layers":[%s]}' \
    "$(descriptor config.v1+json "$config")" "$(descriptor layer.v1.tar "$layer")" >"$work/manifest"
  manifest=$(add_blob "$work" "$work/manifest")
  for image in $names; do
    entries+="${entries:+,}$(descriptor manifest.v1+json "$manifest" "\"annotations\":{\"io.containerd.image.name\":\"$image\"}")"
  done
  printf '{"schemaVersion":2,"manifests":[%s]}' "$entries" >"$work/index.json"
  printf '{"imageLayoutVersion":"1.0.0"}' >"$work/oci-layout"
  tar -C "$work" -cf "$file.new" oci-layout index.json blobs
  rm -rf "$work"
  mv "$file.new" "$file"
}

# add_blob WORK FILE: moves FILE to where its digest says; prints digest and size.
add_blob() {
  local digest size
  digest=$(sha256sum "$2" | cut -d' ' -f1) size=$(stat -c %s "$2")
  mv "$2" "$1/blobs/sha256/$digest"
  echo "$digest $size"
}

descriptor() { # TYPE, "DIGEST SIZE", [MORE]
  printf '{"mediaType":"application/vnd.oci.image.%s","digest":"sha256:%s","size":%s%s}' "$1" "${2% *}" "${2#* }" "${3:+,$3}"
}

# add_program ROOT PROGRAM...: copies a program of the machine with the libraries and the loader that it names.
add_program() {
  local root=$1 program library
  shift
  for program in "$@"; do
    install -D "$(readlink -f "$program")" "$root/usr/bin/${program##*/}"
    { ldd "$program" 2>/dev/null || true; } | grep -o '/[^ ]*' | while read -r library; do
      [ -e "$root$library" ] || install -D "$(readlink -f "$library")" "$root$library"
    done
  done
}

# add_busybox ROOT: /bin/busybox and a link for each of its applets that is not there yet.
add_busybox() {
  local applet
  install -D /bin/busybox "$1/bin/busybox"
  for applet in $(/bin/busybox --list); do
    [ -e "$1/usr/bin/$applet" ] || [ -e "$1/bin/$applet" ] || ln -s /bin/busybox "$1/bin/$applet"
  done
  install -d "$1/etc" "$1/root" "$1/tmp"
  chmod 1777 "$1/tmp"
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$1/etc/passwd"
  printf 'root:x:0:\nnogroup:x:65534:\n' >"$1/etc/group"
  printf 'hosts: files dns\n' >"$1/etc/nsswitch.conf"
}

build_pause() {
  install -D "$kubernetes_bin/pause" "$1/pause"
  write_image "$2" "$image_pause" "$1" /pause
}

build_busybox() {
  add_busybox "$1"
  write_image "$2" "$image_busybox" "$1" sh
}

build_agnhost() {
  add_network_tools "$1"
  install -D "$kubernetes_bin/agnhost" "$1/agnhost"
  install eng/testbed/coredns "$1/coredns"
  # What agnhost's porter serves TLS with.
  openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=localhost -keyout "$1/localhost.key" -out "$1/localhost.crt" 2>/dev/null
  chmod 644 "$1/localhost.key"
  write_image "$2" "$image_agnhost $image_dnsutils $image_iptables" "$1" /agnhost
}

# Sends a packet outside of a connection's window, which must not end the connection. The program wants to be told the pod's address;
# the image that upstream's test names is of an earlier one, which looked by itself.
build_resets() {
  add_busybox "$1"
  install -D "$kubernetes_bin/regression-issue-74839" "$1/regression-issue-74839"
  write_image "$2" "$image_resets" "$1" sh -c 'POD_IP=$(hostname -i) exec /regression-issue-74839'
}

# The program comes from this repository: artifacts/dist, by eng/publish.
build_dns() {
  add_program "$1" "$PWD/artifacts/dist/margay-testbed-dns"
  cp /usr/lib/x86_64-linux-gnu/lib{ssl,crypto}.so.3 "$1/lib/x86_64-linux-gnu/" # loaded when it runs
  install -d "$1/tmp"
  write_image "$2" "$image_dns" "$1" /usr/bin/margay-testbed-dns
}

add_network_tools() {
  add_program "$1" "${agnhost_tools[@]}"
  mv "$1/usr/bin/nc.openbsd" "$1/usr/bin/nc"
  # Busybox's own shell takes its own applets before programs of the path, and its nc knows no UDP.
  install -d "$1/bin"
  ln -s /usr/bin/dash "$1/bin/sh"
  # Found at run time, so ldd does not name them: names through DNS, and iptables' matches and targets.
  cp /lib/x86_64-linux-gnu/libnss_{dns,files}.so.2 "$1/lib/x86_64-linux-gnu/"
  install -d "$1/usr/lib/x86_64-linux-gnu/xtables"
  cp /usr/lib/x86_64-linux-gnu/xtables/*.so "$1/usr/lib/x86_64-linux-gnu/xtables/"
  add_busybox "$1"
}

standard_images=(pause busybox agnhost resets)

# What comes from Kubernetes and from the machine is cached; what comes from this repository stays with it.
archive_of() { if [ "$1" = dns ]; then echo artifacts/testbed/dns.tar; else echo "$images/$1.tar"; fi; }
stamp_of() {
  if [ "$1" = dns ]; then
    sha256sum artifacts/dist/margay-testbed-dns
  else
    cat eng/testbed/images.sh eng/testbed/coredns "$kubernetes_bin"/{pause,agnhost,regression-issue-74839} | sha256sum
  fi
}

# build_images IMAGE...: those that are missing, or made from something else.
build_images() {
  local image folder archive stamp
  mkdir -p "$images" artifacts/testbed
  exec 8>"$images/lock"
  flock 8
  rm -rf "$images"/root.* "$images"/work.* # of one that was interrupted
  for image in "$@"; do
    archive=$(archive_of "$image") stamp=$(stamp_of "$image")
    [ ! -f "$archive" ] || [ "$(cat "$archive.from" 2>/dev/null)" != "$stamp" ] || continue
    folder=$(mktemp -d "$images/root.XXXXXX")
    chmod 755 "$folder"
    "build_$image" "$folder" "$archive"
    echo "$stamp" >"$archive.from"
    rm -rf "$folder"
  done
}

load_image() { # NODE, FILE
  in_node "$1" ctr --namespace k8s.io images import --snapshotter "$(snapshotter)" - <"$2"
}

# load_images NODE IMAGE...: those that it has not had yet.
load_images() {
  local node=$1 image file mark
  shift
  for image in "$@"; do
    file=$(archive_of "$image")
    mark=$(node_dir "$node")/loaded/$image.$(stat -c %Y.%s "$file")
    [ ! -f "$mark" ] || continue
    load_image "$node" "$file"
    mkdir -p "${mark%/*}"
    touch "$mark"
  done
}

build_standard_images() { build_images "${standard_images[@]}"; }
load_standard_images() { load_images "$1" "${standard_images[@]}"; }
load_dns_image() { load_images "$1" dns; }
