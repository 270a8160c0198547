#!/usr/bin/env bash
# Builds eng/helm-render (without a C compiler, which a fresh machine has not), when it has changed, from Debian's Go libraries, and runs it with the given arguments.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$here/../artifacts/helm-render
for source in "$here"/helm-render/*.go; do
  if [ ! -x "$program" ] || [ "$source" -nt "$program" ]; then
    command -v go >/dev/null && [ -d /usr/share/gocode/src/github.com/xeipuuv/gojsonschema ] || {
      . "$here/packages.sh"
      echo "eng/helm-render needs Debian's ${chart_packages[*]}" >&2
      exit 1
    }
    mkdir -p "$here/../artifacts"
    (cd "$here/helm-render" && CGO_ENABLED=0 GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS=-trimpath go build -o "$program.new" . && mv "$program.new" "$program")
    break
  fi
done
exec "$program" "$@"
