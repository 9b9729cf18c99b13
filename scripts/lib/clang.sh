# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Shared by the scripts that build with clang.

# The newest clang that is installed, else the newest the package lists offer.
find_clang() {
  local version
  for version in 19 20 18 17 16; do
    has_command "clang++-$version" && echo "$version" && return
  done
  for version in 19 18 17 16; do
    apt-cache show "clang-$version" >/dev/null 2>&1 && echo "$version" && return
  done
  return 1
}

# clang_links VERSION FLAG...: whether a program can be built with these flags.
clang_links() { echo 'int main() {}' | "clang++-$1" -x c++ "${@:2}" -o /dev/null - >/dev/null 2>&1; }
