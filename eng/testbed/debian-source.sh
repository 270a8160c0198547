# Fetches a Debian source package from where this machine gets its binary packages. Sourced after eng/apt.sh, not run.

# fetch_debian_source PACKAGE VERSION DIRECTORY: PACKAGE's newest Debian revision of VERSION, unpacked to DIRECTORY/source.
# apt works on lists of its own below DIRECTORY: the machine's lists stay as they are.
fetch_debian_source() {
  local package=$1 version=$2 directory=$3 apt revision
  mkdir -p "$directory/apt/lists/partial" "$directory/apt/cache/archives/partial"
  debian_sources deb-src >"$directory/apt/sources.list" || return
  apt=(-o "Dir::Etc::sourcelist=$directory/apt/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$directory/apt/lists"
    -o "Dir::Cache=$directory/apt/cache" -o APT::Sandbox::User=root)
  update_package_lists "${apt[@]}"
  revision=$(apt-cache "${apt[@]}" showsrc "$package" | sed -n "s/^Version: \(\([0-9.]*+really\)\?${version}[+-].*\)/\1/p" | sort -V | tail -n 1)
  [ -n "$revision" ] || {
    echo "no configured Debian source has the source package $package $version: Debian 12 (bookworm) has it" >&2
    return 1
  }
  (cd "$directory" && apt-get "${apt[@]}" -o Acquire::Retries=5 source --download-only "$package=$revision")
  rm -rf "$directory/source"
  dpkg-source -x "$directory/${package}_$revision.dsc" "$directory/source"
}
