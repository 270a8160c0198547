# Fetches a Debian source package from where this machine gets its binary packages. Sourced, not run.

# deb_src_list: one deb-src line for each configured source of Debian itself, whatever form it is configured in.
# apt tells what it made of its configuration, so neither deb822 files nor classic lists are parsed here.
deb_src_list() {
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg option=''
  [ ! -f "$keyring" ] || option="[signed-by=$keyring] "
  # shellcheck disable=SC2016 # apt's own variables
  apt-get indextargets --format '$(ORIGIN) $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    sed -n "s#^Debian #deb-src $option#p" | sort -u
}

# fetch_debian_source PACKAGE VERSION DIRECTORY: PACKAGE's newest Debian revision of VERSION, unpacked to DIRECTORY/source.
# apt works on lists of its own below DIRECTORY: the machine's lists stay as they are.
fetch_debian_source() {
  local package=$1 version=$2 directory=$3 apt revision
  mkdir -p "$directory/apt/lists/partial" "$directory/apt/cache/archives/partial"
  deb_src_list >"$directory/apt/sources.list"
  if [ ! -s "$directory/apt/sources.list" ]; then
    apt-get update
    deb_src_list >"$directory/apt/sources.list"
  fi
  [ -s "$directory/apt/sources.list" ] || {
    echo "apt is configured with no source of Origin Debian (apt-get indextargets): add one to /etc/apt/sources.list.d" >&2
    return 1
  }
  apt=(-o "Dir::Etc::sourcelist=$directory/apt/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$directory/apt/lists"
    -o "Dir::Cache=$directory/apt/cache" -o APT::Sandbox::User=root)
  apt-get "${apt[@]}" update
  revision=$(apt-cache "${apt[@]}" showsrc "$package" | sed -n "s/^Version: \(\([0-9.]*+really\)\?${version}[+-].*\)/\1/p" | sort -V | tail -n 1)
  [ -n "$revision" ] || {
    echo "no configured Debian source has the source package $package $version: Debian 12 (bookworm) has it" >&2
    return 1
  }
  (cd "$directory" && apt-get "${apt[@]}" source --download-only "$package=$revision")
  rm -rf "$directory/source"
  dpkg-source -x "$directory/${package}_$revision.dsc" "$directory/source"
}
