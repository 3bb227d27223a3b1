#!/usr/bin/env bash
# Runs every example as a user does: copied beside an installed package, under every Node line that is supported.
# What an example prints must be what docs/examples/programs has of it, except for numbers.
#   scripts/try-examples.sh CONSUMER [LINE...]     CONSUMER: a folder with node_modules/copytax; default 20 22 24 26
#   scripts/try-examples.sh --record               runs them in the checkout, and keeps what they print
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/scripts/node-of.sh"
programs=$root/docs/examples/programs
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# What is in locked memory here is in unlocked memory where the limit is lower.
masked() { # FILE
  sed -E 's/[0-9]+([.,][0-9]+)*/N/g; s/unlocked/locked/g' "$1"
}

# Reports of measurements differ in more than numbers: warnings and units come and go. Of them only the names of what
# was measured are compared, which end in a colon and a question.
lines_of() { # NAME FILE
  case $1 in
    af-xdp) sed -E 's/^(not here|[0-9]+ frames left out of slots).*/sent, or told why not/' "$2" ;;
    measure-copies | when-not-to-use) grep -E '^[a-z][a-z0-9-]*: .*\?$' "$2" ;;
    *) masked "$2" ;;
  esac
}

if [ "${1:-}" = --record ]; then
  mkdir -p "$programs"
  cd "$scratch" || exit 1
  for folder in "$root"/examples/*/; do
    name=$(basename "$folder")
    [ -n "${2:-}" ] && [ "$2" != "$name" ] && continue
    node "$folder/run.js" >"$programs/$name.txt" || exit 1
  done
  exit 0
fi

consumer=$(cd "${1:?the folder of a consumer}" && pwd)
shift
lines=("$@")
[ $# -gt 0 ] || lines=(20 22 24 26)
rm -rf "$consumer/examples"
cp -r "$consumer/node_modules/copytax/examples" "$consumer/examples" || exit 1
printf '{"type":"module"}\n' >"$consumer/examples/package.json"
cd "$scratch" || exit 1 # not in a package, whose package.json npm would read

passed=0
failed=0
for line in "${lines[@]}"; do
  node=$(node_of "$line")
  if [ -z "$node" ]; then
    echo "SKIPPED: Node $line cannot be fetched, so the examples were not tried there: $(why_not)"
    continue
  fi
  echo "Node $line: $("$node" -v)"
  for folder in "$consumer"/examples/*/; do
    name=$(basename "$folder")
    # A measurement is as good as any here when it has a few rounds.
    seconds=()
    [ "$name" = when-not-to-use ] && seconds=(2)
    : >"$scratch/differences"
    timeout 120 "$node" "$folder/run.js" "${seconds[@]}" >"$scratch/said" 2>"$scratch/complained"
    rc=$?
    if [ $rc = 0 ] && [ ! -s "$scratch/complained" ] &&
      diff <(lines_of "$name" "$programs/$name.txt") <(lines_of "$name" "$scratch/said") >"$scratch/differences"; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1))
      echo "FAILED (exit $rc): Node $("$node" -v): examples/$name"
      tail -n 20 "$scratch/complained"
      cat "$scratch/differences"
    fi
  done
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
