# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Shared by the scripts beside this folder: what is missing is found, and installed where we may.

note() { printf '%s\n' "$@" >&2; }

die() {
  note "$@"
  exit 1
}

# Prints the comment block at the head of a script: its help.
help_of() { sed -n '/^# SPDX/d; 2,/^[^#]/ { s/^# \{0,1\}//; t print; b; : print; p }' "$1"; }

# check_number OPTION VALUE PATTERN
check_number() { [[ $2 =~ ^($3)$ ]] || die "$1: $2 is no positive number"; }
# Before anything is installed or built; empty where nobody asked.
check_jobs() { [[ -z $1 ]] || check_number --jobs "$1" '[1-9][0-9]*'; }

has_command() { command -v "$1" >/dev/null 2>&1; }

has_header() {
  [[ -e /usr/include/$1 ]] && return
  has_command g++ && printf '#include <%s>\n' "$1" | g++ -x c++ -E - >/dev/null 2>&1
}

has_library() { compgen -G "/usr/lib/*/lib$1.so" >/dev/null || compgen -G "/usr/local/lib/lib$1.so" >/dev/null; }

# Packages still to be installed; collected first so that a person has to type one command only.
missing_packages=()
# Those that something can do without.
optional_packages=()

want() { [[ " ${missing_packages[*]} " == *" $1 "* ]] || missing_packages+=("$1"); }
want_command() { has_command "$1" || want "$2"; }
want_header() { has_header "$1" || want "$2"; }
want_library() { has_library "$1" || want "$2"; }

want_build_tools() {
  want_command g++ g++
  want_command cmake cmake
  want_command ninja ninja-build
  want_header boost/hana.hpp libboost-dev
  want_header zlib.h zlib1g-dev
  want_header nlohmann/json.hpp nlohmann-json3-dev
  want_header CLI/CLI.hpp libcli11-dev
  # Without it PNG images are refused, and nothing else is amiss.
  has_header png.h || ! can_install || want libpng-dev
}

# How to become root without being asked anything: nothing, `sudo -n`, or failure, as where nothing may be installed.
install_nothing=''
as_root() {
  if [[ -n $install_nothing ]]; then
    return 1
  elif [[ $(id -u) -eq 0 ]]; then
    "$@"
  elif has_command sudo && sudo -n true 2>/dev/null; then
    sudo -n "$@"
  else
    return 1
  fi
}

apt() {
  quietly as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" </dev/null
}

# Once a run: an old list names packages that the mirror no longer has.
package_lists_are_new=''
renew_package_lists() {
  [[ -n $package_lists_are_new ]] && return
  has_command apt-get && as_root true && apt update && package_lists_are_new=yes
}

can_install() { has_command apt-get && as_root true; }

install_missing() {
  [[ ${#missing_packages[@]} -eq 0 ]] && return
  local command="apt-get install -y --no-install-recommends ${missing_packages[*]}"
  can_install || command="$command ${optional_packages[*]}"
  has_command apt-get || die "these Debian packages, or what your system calls them, are missing: ${missing_packages[*]}"
  as_root true || die "packages are missing; please run:" "  sudo sh -c 'apt-get update && $command'"
  note "installing: ${missing_packages[*]}"
  renew_package_lists || note "the package lists could not be renewed; trying with what is there"
  apt install -y --no-install-recommends "${missing_packages[@]}" || die "this failed:" "  $command"
  missing_packages=()
  hash -r
}

require_cmake() {
  local found
  found=$(cmake --version | sed -n '1s/[^0-9]*//p')
  [[ $(printf '3.25\n%s\n' "$found" | sort -V | head -n 1) == 3.25 ]] ||
    die "CMake 3.25 or newer is needed, $found was found (Debian 12 and Ubuntu 24.04 have it; 'pip install cmake' too)"
}

# What cannot be installed is somebody else's to leave out.
install_optional() {
  [[ ${#optional_packages[@]} -eq 0 ]] && return
  if ! can_install; then
    note "not installed: ${optional_packages[*]}; to have what needs them:" \
      "  sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends ${optional_packages[*]}'"
    optional_packages=()
    return
  fi
  note "installing: ${optional_packages[*]}"
  renew_package_lists || note "the package lists could not be renewed; trying with what is there"
  local package
  # Together is faster; one by one where one that the mirror lacks would take the others with it.
  apt install -y --no-install-recommends "${optional_packages[@]}" 2>/dev/null ||
    for package in "${optional_packages[@]}"; do
      apt install -y --no-install-recommends "$package" 2>/dev/null || note "$package could not be installed"
    done
  optional_packages=()
  hash -r
}

# One job a core, but no more than memory allows: a unit full of models takes up to 1.6 GB, one of five examples 2.8.
default_jobs() {
  local cores by_memory
  cores=$(nproc 2>/dev/null || echo 1)
  by_memory=$(awk '/^MemAvailable:/ { print int($2 / 2000000) }' /proc/meminfo 2>/dev/null || echo 1)
  ((by_memory < cores)) && cores=$by_memory
  echo $((cores > 1 ? cores : 1))
}

# Runs a command and shows its output only when it fails.
quietly() {
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 || status=$?
  [[ $status -eq 0 ]] || cat "$log" >&2
  rm -f "$log"
  return "$status"
}
