# Removes a testbed in any state, and says what would not go. Sourced, not run.

remove_everything() {
  local remains namespace
  cgroup_remove ''
  remove_empty_groups
  for namespace in $(namespaces_left); do ip netns delete "$namespace"; done
  if [ -n "${index:=$(index_by_alias)}" ]; then remove_bridge; fi
  rm -rf --one-file-system "$state"
  restore_machine
  remains=$(what_remains)
  [ -z "$remains" ] || die "the testbed $name is not wholly gone:" "$remains"
}

namespaces_left() { find /run/netns -maxdepth 1 -name "$name.*" -printf '%f\n' 2>/dev/null || true; }

remove_empty_groups() { # the group of all testbeds, after the last
  local hierarchy
  for hierarchy in $(cgroup_hierarchies); do rmdir "$hierarchy/margay-testbed" 2>/dev/null || true; done
}

# The number of the bridge that says it is ours, for when the specification is lost.
index_by_alias() { ip -o link show type bridge | sed -n "s/^[0-9]*: tb\([0-9]*\):.*alias margay testbed $name\b.*/\1/p"; }

# restore_machine: after the last testbed, the machine's side of node_kept that was made for it, and the limit that was raised.
restore_machine() {
  local path
  [ -z "$(ls -d "$states"/*/ 2>/dev/null)" ] || return 0
  if [ -f "$states/made" ]; then
    while read -r path; do rmdir "$path" 2>/dev/null || true; done < <(tac "$states/made")
  fi
  if [ -f "$states/watches" ]; then cat "$states/watches" >/proc/sys/fs/inotify/max_user_instances; fi
  rm -rf "$states"
}

what_remains() {
  cgroup_pids '' | sed 's/^/process /'
  namespaces_left | sed 's/^/network namespace /'
  [ -z "${index:-}" ] || ip -o link show | grep -oE " tb$index(-[a-z0-9]+)?[:@]" | sed 's/^/link/'
  grep -o " ${state}[^ ]*" /proc/self/mounts | sed 's/^/mount/' || true
  [ ! -d "$state" ] || echo "folder $state"
}
