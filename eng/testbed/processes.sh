# Starting, finding and ending the testbed's programs. A part is named PART (control plane) or NODE/PART. Sourced, not run.

part_group() { case $1 in */*) echo "$1" ;; *) echo "control/$1" ;; esac; }
part_log() { echo "$part_logs/$(echo "$1" | tr / .).log"; }
all_parts() {
  local node part
  printf '%s\n' "${parts_control[@]}"
  for node in $(node_names); do for part in "${parts_node[@]}"; do echo "$node/$part"; done; done
}

# is_dead PID: it is gone, or a zombie without any thread: one that still runs keeps the ports.
is_dead() {
  local stat threads=("/proc/$1/task"/*)
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  [[ $stat == *") Z "* ]] && [ ${#threads[@]} -le 1 ]
}

# part_pid PART: the process of the part itself, not what hangs below it (containers' shims stay in containerd's group).
part_pid() {
  local program=${1##*/} file pid
  file=$(cgroup_tracking)/$(cgroup_of "$(part_group "$1")")/cgroup.procs
  [ -f "$file" ] || return 0
  while read -r pid; do
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "${program:0:15}" ] || continue
    is_dead "$pid" && continue
    echo "$pid"
    return
  done <"$file"
}

declare -A started # process ids by part

# start_part PART COMMAND...: in the background, in the part's group, output to the part's log. Nothing if it runs.
start_part() {
  local part=$1 group
  shift
  [ -z "$(part_pid "$part")" ] || return 0
  group=$(part_group "$part")
  cgroup_make "$group"
  mkdir -p "$part_logs"
  (
    cgroup_join "$group"
    exec setsid "$@" >>"$(part_log "$part")" 2>&1 </dev/null 9>&-
  ) &
  started[$part]=$!
}

# has_ended PART: it does not run, and what was started for it in this shell is not on its way to it any more.
has_ended() {
  [ -z "$(part_pid "$1")" ] || return 1
  [ -z "${started[$1]:-}" ] || ! kill -0 "${started[$1]}" 2>/dev/null
}

# await PART CONDITION...: until the condition holds; fails when the part has ended or there is no more patience.
await() {
  local part=$1 deadline=$((SECONDS + patience))
  shift
  until "$@" >/dev/null 2>&1; do
    if has_ended "$part" && sleep 0.3 && has_ended "$part"; then
      echo "$part has ended; the end of $(part_log "$part"):"
      tail -n 20 "$(part_log "$part")"
      return 1
    fi
    [ $SECONDS -lt $deadline ] || {
      echo "$part does not answer to: $*; the end of $(part_log "$part"):"
      tail -n 20 "$(part_log "$part")"
      return 1
    }
    sleep 0.1
  done
}

# stop_part PART [SIGNAL]: KILL unless told otherwise, and waits until it is gone.
stop_part() {
  local pid deadline=$((SECONDS + patience))
  pid=$(part_pid "$1")
  [ -n "$pid" ] || { echo "$1 does not run"; return 0; }
  kill "-${2:-KILL}" "$pid"
  while [ $SECONDS -lt $deadline ]; do
    [ -n "$(part_pid "$1")" ] || return 0
    sleep 0.05
  done
  die "$1 (process $pid) ignores the signal ${2:-KILL}"
}
