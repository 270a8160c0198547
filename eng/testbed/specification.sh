# What a testbed was asked to be: a file of its folder, written before anything is made. Sourced, not run.

# free_index: the lowest that no testbed and no address of the machine uses.
free_index() {
  local i
  for ((i = 0; i < 100; i++)); do
    grep -qsx "index=$i" "$states"/*/spec || ip -o address | grep "10\.97\.$i\." >/dev/null || { echo "$i"; return; }
  done
  die "all of 10.97.0.0/24 to 10.97.99.0/24 are in use on this machine: take down testbeds that nobody needs"
}

write_specification() { # INDEX, NODES, CNI, DUAL_STACK
  mkdir -p "$state"
  printf 'index=%s\nnodes=%s\ncni=%s\ndual_stack=%s\n' "$@" >"$spec.new"
  mv "$spec.new" "$spec"
}

settle_specification() { # NODES, CNI, DUAL_STACK
  mkdir -p "$states"
  exec 7>/run/margay-testbed.lock # two testbeds must not take one index
  flock 7
  write_specification "${index:-$(free_index)}" "$@"
}
