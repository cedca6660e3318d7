#!/usr/bin/env bash
# Usage: scripts/install_dependencies.sh GROUP...
# Installs those Debian packages of the named groups of scripts/packages.txt that are missing.
# If none is, prints nothing and needs neither network nor root.
set -euo pipefail

packages_file="$(dirname "${BASH_SOURCE[0]}")/packages.txt"

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$1" >&2
  exit 1
}

(($# > 0)) || fail "no group named; scripts/packages.txt has build and test"

wanted=()
for group in "$@"; do
  mapfile -t of_group < <(awk -v group="$group" '$1 == group { print $2 }' "$packages_file")
  ((${#of_group[@]} > 0)) || fail "'$group' is no group of scripts/packages.txt"
  wanted+=("${of_group[@]}")
done

for tool in dpkg-query apt-get; do
  command -v "$tool" >/dev/null ||
    fail "$tool is needed to install packages, and missing. On a system other than Debian, \
install what these provide and run 'cmake --preset release && cmake --build --preset release': ${wanted[*]}"
done

# dpkg-query fails as soon as one package is unknown to it, and lists the others all the same.
installed=" $(dpkg-query --show --showformat='${db:Status-Status}:${Package} ' "${wanted[@]}" \
  2>/dev/null || true) "
missing=()
for package in "${wanted[@]}"; do
  [[ $installed == *" installed:$package "* ]] || missing+=("$package")
done
((${#missing[@]} > 0)) || exit 0

as_root=()
if ((EUID != 0)); then
  command -v sudo >/dev/null ||
    fail "only root may install packages and there is no sudo. Let root install: ${missing[*]}"
  as_root=(sudo)
fi

printf 'Installing %s\n' "${missing[*]}"
# A machine that has just started may still be holding apt's lock for its own updates.
apt_get=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive
  apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
"${apt_get[@]}" update
"${apt_get[@]}" install --yes --no-install-recommends "${missing[@]}"
