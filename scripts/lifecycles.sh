#!/usr/bin/env bash
# Opens and closes regions 100,000 times and in 1,000 workers: nothing may stay. Plays 10,000 lives of regions in random
# order: no fault, and no byte of another region. Needs `npm run build` before.
#   scripts/lifecycles.sh [SEED]
set -u
seed=${1:-$RANDOM$RANDOM}
cd "$(dirname "$0")/.." || exit 1
passed=0
failed=0
try() { # fixture, arguments...
  local fixture=$1 begin=$SECONDS
  shift
  if node --no-warnings --expose-gc "dist/test/lifecycle/fixtures/$fixture.js" "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: $fixture $*"
  fi
  echo "$fixture $*: $((SECONDS - begin)) s"
}
try churn loop 100000
try churn turns 100000
try churn workers 1000
try fuzz-lifecycles "$seed" 10000
echo "$passed passed, $failed failed"
[ $failed = 0 ]
