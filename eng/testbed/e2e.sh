# Upstream's end-to-end tests against the testbed. Sourced, not run.

# run_e2e FOCUS [ARGUMENT...]: tests whose names match FOCUS (a regular expression); arguments go to e2e.test.
# MARGAY_E2E_SKIP leaves tests out, MARGAY_E2E_AT_ONCE runs so many at the same time.
run_e2e() {
  local focus=$1 report=${MARGAY_E2E_REPORT:-$PWD/artifacts/e2e/$name}
  shift
  mkdir -p "$report"
  answer_as_the_internet
  "$kubernetes_bin/ginkgo" -nodes="${MARGAY_E2E_AT_ONCE:-1}" -noColor -noisySkippings=false -focus="$focus" -skip="${MARGAY_E2E_SKIP:-}" "$kubernetes_bin/e2e.test" -- \
    --provider=skeleton --kubeconfig="$kubeconfig" --node-os-distro=custom --num-nodes="$nodes" \
    --allowed-not-ready-nodes=0 --system-pods-startup-timeout=1m --report-dir="$report" --dump-logs-on-failure=true \
    --disable-log-dump "$@"
}

# Before its tests of services, upstream's program (not a pod) wants a page of a search engine: "not really a test of Kubernetes in any
# way". Nothing is asked of the internet here: a proxy answers. Requests to the cluster go past it.
answer_as_the_internet() {
  local address page=$state/internet port
  address=$(control_address)
  printf 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' >"$page"
  socat "TCP-LISTEN:0,bind=$address,fork" "SYSTEM:head -n 1 >/dev/null; cat $page" &
  # shellcheck disable=SC2064 # the process that is started now
  trap "kill $! 2>/dev/null" EXIT
  until port=$(ss -Hltnp "src $address" | grep "pid=$!," | awk '{ sub(/.*:/, "", $4); print $4 }') && [ -n "$port" ]; do
    kill -0 $! 2>/dev/null || die "socat, which answers in place of the internet, has ended"
    sleep 0.05
  done
  export HTTP_PROXY=http://$address:$port NO_PROXY=10.0.0.0/8
}
