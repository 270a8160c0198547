# Process groups of the testbed, in whatever hierarchies the machine has (version 1, 2 or both). Sourced, not run.
#
# margay-testbed/NAME/control/PART      control plane
# margay-testbed/NAME/NODE/init, /PART  a node's processes; kubelet makes NODE/kubepods for the pods
#
# Processes join in one hierarchy only, the tracking one: that says whose a process is without any file of ids.

cgroup_hierarchies() { awk '$3 == "cgroup" || $3 == "cgroup2" { print $2 }' /proc/self/mounts | sort -u; }

cgroup_tracking() {
  local found
  found=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/self/mounts)
  [ -n "$found" ] || found=$(cgroup_hierarchies | head -n 1)
  echo "$found"
}

cgroup_of() { echo "margay-testbed/$name${1:+/$1}"; }

# cgroup_make PATH: makes PATH below the testbed's group in all hierarchies, with all controllers passed down to it.
cgroup_make() {
  local hierarchy directory part
  for hierarchy in $(cgroup_hierarchies); do
    directory=$hierarchy
    for part in $(cgroup_of "$1" | tr / ' '); do
      [ ! -f "$directory/cgroup.subtree_control" ] || cgroup_pass_down "$directory"
      directory=$directory/$part
      mkdir -p "$directory"
      # A new cpuset (version 1) is empty, and nothing can run in it.
      [ ! -f "$directory/cpuset.cpus" ] || [ -n "$(cat "$directory/cpuset.cpus")" ] || {
        cat "$directory/../cpuset.mems" >"$directory/cpuset.mems"
        cat "$directory/../cpuset.cpus" >"$directory/cpuset.cpus"
      }
    done
  done
}

cgroup_pass_down() {
  local controllers controller
  read -ra controllers <"$1/cgroup.controllers"
  for controller in "${controllers[@]}"; do
    echo "+$controller" >"$1/cgroup.subtree_control" 2>/dev/null || true # some cannot be; kubelet says which it misses
  done
}

cgroup_join() { echo "${2:-$BASHPID}" >"$(cgroup_tracking)/$(cgroup_of "$1")/cgroup.procs"; }

# cgroup_pids PATH: processes in PATH and below it.
cgroup_pids() {
  local root
  root=$(cgroup_tracking)/$(cgroup_of "${1:-}")
  [ ! -d "$root" ] || find "$root" -name cgroup.procs -exec cat {} + 2>/dev/null | sort -un
}

# cgroup_remove PATH: ends what runs in PATH in any hierarchy, and removes it.
cgroup_remove() {
  local hierarchy group tries pids
  for hierarchy in $(cgroup_hierarchies); do
    group=$hierarchy/$(cgroup_of "${1:-}")
    [ -d "$group" ] || continue
    for ((tries = 0; tries < 100; tries++)); do
      pids=$(find "$group" -name cgroup.procs -exec cat {} + 2>/dev/null | sort -un)
      [ -n "$pids" ] || break
      # shellcheck disable=SC2086 # one word each
      kill -KILL $pids 2>/dev/null || true
      sleep 0.05
    done
    find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
    [ ! -d "$group" ] || die "$group is still there; in it: $(find "$group" -name cgroup.procs -exec cat {} + | tr '\n' ' ')"
  done
}
