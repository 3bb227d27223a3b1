#!/usr/bin/env bash
# Builds everything below Node-API with the address, undefined behaviour and thread sanitizers and runs its tests.
#   scripts/sanitize.sh [SEED [ITERATIONS]]   ITERATIONS: of the stress of publication
# CXX chooses the compiler; RUNNER is put before the program (an emulator, for a compiler of another architecture).
# SANITIZERS=off builds and runs the tests once without any. COPYTAX_EMULATED, where it is set, leaves out what only
# the time of a real CPU shows.
set -euo pipefail
cd "$(dirname "$0")/../native"
read -ra cxx <<<"${CXX:-g++}" # words: a compiler with its target
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

sources=$(find copy cpu cpuid memory net test -name '*.cc')
common=(-std=c++17 -fno-exceptions -fno-rtti -Wall -Wextra -Werror -g -O1 -pthread)

try() { # name, flags...
  local name=$1
  shift
  printf '%s\n' $sources |
    xargs -P 2 -I {} sh -c 'file=$1; shift; "$@" -c "$file" -o "$0/$(basename "$file").o"' "$out" {} \
      "${cxx[@]}" "${common[@]}" "$@"
  "${cxx[@]}" "$@" -pthread "$out"/*.o -o "$out/$name"
  rm -f "$out"/*.o
  echo "--- $name"
  ${RUNNER:-} "${launch[@]}" "$out/$name" "${arguments[@]}"
}

arguments=("$@")
launch=()
if [ "${SANITIZERS:-on}" = off ]; then
  try plain
  exit
fi
ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
  try address-undefined -fsanitize=address,undefined -fno-sanitize-recover=all
# The thread sanitizer fails under the address randomisation of a recent Linux, so that is switched off.
if setarch -R true 2>/dev/null; then launch=(setarch -R); fi
TSAN_OPTIONS=halt_on_error=1 try thread -fsanitize=thread
