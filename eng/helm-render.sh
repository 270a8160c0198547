#!/usr/bin/env bash
# Builds eng/helm-render (without a C compiler, which a fresh machine has not), when it has changed, from Debian's Go libraries, and runs it with the given arguments.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$here/../artifacts/helm-render
is_stale() {
  local source
  [ -x "$program" ] || return 0
  for source in "$here"/helm-render/*.go; do [ ! "$source" -nt "$program" ] || return 0; done
  return 1
}
if is_stale; then
  mkdir -p "$here/../artifacts"
  exec 9>"$program.lock"
  flock 9
  if is_stale; then # nobody else built it meanwhile
    command -v go >/dev/null && [ -d /usr/share/gocode/src/github.com/xeipuuv/gojsonschema ] || {
      . "$here/packages.sh"
      echo "eng/helm-render needs Debian's ${chart_packages[*]}" >&2
      exit 1
    }
    (cd "$here/helm-render" && CGO_ENABLED=0 GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS=-trimpath go build -o "$program.new" . && mv "$program.new" "$program") 9>&-
  fi
  exec 9>&-
fi
exec "$program" "$@"
