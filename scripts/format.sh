#!/usr/bin/env bash
# Usage: scripts/format.sh [--check]
# Formats all C++ sources in place; with --check, only reports those that are not formatted.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mode=(-i)
[[ ${1:-} != --check ]] || mode=(--dry-run --Werror)

find include src comm examples python tests tools docs \( -name '*.hpp' -o -name '*.cpp' \) -print0 |
  xargs -0 --no-run-if-empty clang-format-14 --style=file "${mode[@]}"
