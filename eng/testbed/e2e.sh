# Upstream's end-to-end tests against the testbed. Sourced, not run.

# run_e2e FOCUS [ARGUMENT...]: tests whose names match FOCUS (a regular expression); arguments go to e2e.test.
# MARGAY_E2E_SKIP leaves tests out, MARGAY_E2E_AT_ONCE runs so many at the same time.
run_e2e() {
  local focus=$1 report=${MARGAY_E2E_REPORT:-$PWD/artifacts/e2e/$name}
  shift
  mkdir -p "$report"
  "$kubernetes_bin/ginkgo" -nodes="${MARGAY_E2E_AT_ONCE:-1}" -noColor -noisySkippings=false -focus="$focus" -skip="${MARGAY_E2E_SKIP:-}" "$kubernetes_bin/e2e.test" -- \
    --provider=skeleton --kubeconfig="$kubeconfig" --node-os-distro=custom --num-nodes="$nodes" \
    --allowed-not-ready-nodes=0 --system-pods-startup-timeout=1m --report-dir="$report" --dump-logs-on-failure=true \
    --disable-log-dump "$@"
}
