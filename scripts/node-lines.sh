#!/usr/bin/env bash
# Tries one addon, built once, under every Node line that is supported: it must load, work and end without a fault
# there, whatever its arguments are. Lines other than the one that runs npm are fetched from the registry into npm's
# cache.
#   scripts/node-lines.sh [LINE...]      default: 20 22 24 26
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/scripts/node-of.sh"
fixtures=$root/dist/test
lines=("$@")
[ $# -gt 0 ] || lines=(20 22 24 26)

if [ ! -e "$fixtures/memory/fixtures/fuzz-addon.js" ] || [ ! -e "$root/build/Release/copytax.node" ]; then
  (cd "$root" && npm run --silent build) || exit 1
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1 # not in the package, whose package.json npm would read

passed=0
failed=0
check() { # node, fixture, arguments...
  local node=$1 fixture=$2
  shift 2
  timeout 60 "$node" --no-warnings --expose-gc "$fixtures/$fixture.js" "$@" >"$scratch/log" 2>&1
  local rc=$?
  if [ $rc = 0 ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED (exit $rc): Node $("$node" -v): $fixture $*"
    tail -n 20 "$scratch/log"
  fi
}

for line in "${lines[@]}"; do
  node=$(node_of "$line")
  if [ -z "$node" ]; then
    reason=$(why_not)
    echo "SKIPPED: Node $line cannot be fetched, so the addon was not tried there: $reason"
    continue
  fi
  echo "Node $line: $("$node" -v)"
  for name in close worker-first main-first workers-leak-nothing terminate-anywhere transfer moved-away loaded-twice \
    garbage leave-open; do
    check "$node" "lifecycle/fixtures/$name"
  done
  for act in 'random bytes' zlib socket 'socket with a lease' 'file write' 'file read'; do
    check "$node" lifecycle/fixtures/close-in-flight "$act"
  done
  check "$node" memory/fixtures/fuzz-addon "$RANDOM$RANDOM"
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
