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
  [ -n "$found" ] || found=$(cgroup_hierarchies)
  echo "${found%%$'\n'*}"
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
      # A new cpuset of version 1 is empty, and nothing can run in it. One of version 2 is empty and means that of its parent, and the
      # root has none.
      [ -f "$directory/cgroup.controllers" ] || [ ! -f "$directory/cpuset.cpus" ] || [ -n "$(cat "$directory/cpuset.cpus")" ] || {
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
cgroup_pids() { pids_below "$(cgroup_tracking)/$(cgroup_of "${1:-}")"; }

# Groups may go away while this looks at them.
pids_below() { { find "$@" -name cgroup.procs -exec cat {} + 2>/dev/null || true; } | sort -un; }

# cgroup_remove PATH: ends what runs in PATH in any hierarchy, and removes it.
cgroup_remove() {
  local groups=() hierarchy group deadline=$((SECONDS + patience))
  for hierarchy in $(cgroup_hierarchies); do
    group=$hierarchy/$(cgroup_of "${1:-}")
    [ ! -d "$group" ] || groups+=("$group")
  done
  [ ${#groups[@]} -gt 0 ] || return 0
  # What was killed stays busy for a moment, and what was not killed yet may start and make more.
  while [ $SECONDS -lt $deadline ]; do
    pids_below "${groups[@]}" | xargs -r kill -KILL 2>/dev/null || true
    find "${groups[@]}" -depth -type d -exec rmdir {} + 2>/dev/null || true
    [ -n "$(ls -d "${groups[@]}" 2>/dev/null)" ] || return 0
    sleep 0.05
  done
  die "these groups do not end: ${groups[*]}" "in them: $(pids_below "${groups[@]}" | tr '\n' ' ')"
}
