# Shared by ./test, ./quickstart and ./testbed: named steps with durations, and the installation of Debian packages.
# Sourced, not run.

. eng/apt.sh
. eng/packages.sh

log_dir="${MARGAY_LOG_DIR:-${TMPDIR:-/tmp}/margay-logs}"
mkdir -p "$log_dir"

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$(printf '\033[1m') red=$(printf '\033[31m') plain=$(printf '\033[0m')
else
  bold='' red='' plain=''
fi

# step NAME COMMAND...: runs the command, its output in a log of the step's name. A failure names step, cause and log.
step() {
  local name="$1" began took log
  shift
  # A file's name has 255 bytes, and a fresh machine lacks many packages.
  log="$log_dir/$(printf '%s' "$name" | tr -c 'A-Za-z0-9\n' '-' | cut -c 1-100).log"
  began=$(date +%s%N)
  printf '%s' "${bold}==>${plain} $name ... "
  if "$@" >"$log" 2>&1; then
    took=$((($(date +%s%N) - began) / 100000000))
    printf '%s\n' "$((took / 10)).$((took % 10)) s"
  else
    local code=$?
    printf '%s\n' "${red}failed (exit $code)${plain}"
    printf '%s\n' "step:  $name" "log:   $log" "cause (the log's last lines):" >&2
    tail -n 25 "$log" | sed 's/^/  | /' >&2
    return "$code"
  fi
}

need_root() {
  [ "$(id -u)" = 0 ] || { echo "$0 makes network namespaces and programs nftables in them: run it as root." >&2; exit 1; }
}

need_dotnet() {
  command -v dotnet >/dev/null || { echo "$0 needs the .NET SDK 10 on PATH: https://dotnet.microsoft.com/download" >&2; exit 1; }
}

# need_packages PACKAGE...: installs those that are missing, and is silent and instant when none is. Services that come along do not
# run or start at boot: tests and testbed run their own.
need_packages() {
  local missing=() package
  for package in "$@"; do
    [[ $(dpkg-query -W -f='${Status}' "$package" 2>/dev/null) == *'ok installed' ]] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  step "installing ${missing[*]}" install_packages "${missing[@]}"
}

install_packages() { # those that are missing
  local package code=0
  update_package_lists || return
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=600 "$@" || code=$?
  # Also when it has failed half-way: the next time they are not missing any more.
  for package in "$@"; do
    case $package in
    etcd-server) retire_service etcd ;;
    containerd) retire_service containerd ;;
    esac
  done
  return $code
}

retire_service() {
  if [ -d /run/systemd/system ]; then
    systemctl disable --now "$1" || true
    return
  fi
  [ ! -x "/etc/init.d/$1" ] || { "/etc/init.d/$1" stop && update-rc.d "$1" disable; } || true
  ! command -v systemctl >/dev/null || systemctl disable "$1" || true # for when it is the first process one day
}
