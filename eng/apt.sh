# Package lists, and Debian's own sources among those that the machine is configured with. Sourced, not run.

# apt waits for the lock of dpkg when it is told to, and never for that of its lists, which a machine that has just started takes
# for a while. A source that cannot be read is tried again; the install says what is missing then.
update_package_lists() { # [OPTION OF APT-GET]...
  local tries said
  for ((tries = 1; tries <= 60; tries++)); do
    said=$(LC_ALL=C apt-get "$@" update -q -o APT::Update::Error-Mode=any 2>&1) && break
    [[ $said == *'Could not get lock'* ]] || [ $tries -lt 3 ] || break
    printf '%s\n' "$said" "again (attempt $tries)"
    sleep 10
  done
  printf '%s\n' "$said"
}

# debian_sources TYPE [RELEASE]: lines for a sources.list, of type deb or deb-src: Debian's own sources of this machine, or where it gets
# bookworm from, for another release. Other sources may have releases and components of the same names.
debian_sources() {
  local option='' found keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  [ ! -f "$keyring" ] || option="[signed-by=$keyring] "
  found=$(known_debian_sources)
  # A machine that has never updated its lists does not know whose its sources are.
  [ -n "$found" ] || { update_package_lists >&2 && found=$(known_debian_sources); }
  [ -n "$found" ] || {
    echo "apt is configured with no source of Debian 12 (bookworm) itself (see apt-get indextargets): add one to /etc/apt/sources.list.d" >&2
    return 1
  }
  [ $# -lt 2 ] || found=$(sed -n "s/ bookworm main$/ $2 main/p" <<<"$found")
  sed "s#^#$1 $option#" <<<"$found"
}

# apt tells what it made of its configuration, so neither deb822 files nor classic lists are parsed here.
known_debian_sources() {
  # shellcheck disable=SC2016 # apt's own variables
  apt-get indextargets --format '$(ORIGIN)|$(REPO_URI)|$(CODENAME)|$(COMPONENT)' 'Created-By: Packages' |
    sed -n 's/^Debian|\([^|]*\)|\(bookworm[^|]*\)|main$/\1 \2 main/p' | sort -u
}
