#!/usr/bin/env bash
# Tries the declarations of every door under the TypeScript lines that are supported, as an ES module and from CommonJS:
# with the declarations of libraries checked and not, and resolved as Node and as bundlers do. Lines other than the one
# that is installed are fetched from the registry into npm's cache.
#   scripts/type-lines.sh [FOLDER]      default: this checkout; else a folder that the package is installed in
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$root}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/node_modules/@types" || exit 1
if [ "$folder" = "$root" ]; then
  ln -s "$root" "$scratch/node_modules/copytax"
else
  ln -s "$(cd "$folder" && pwd)/node_modules/copytax" "$scratch/node_modules/copytax"
fi
for name in @types/node undici-types; do ln -s "$root/node_modules/$name" "$scratch/node_modules/$name"; done
cd "$scratch" || exit 1

# A namespace of each door, all in one array, so that none is dropped.
node --input-type=module -e '
  import { readFileSync, writeFileSync } from "node:fs";
  const { exports } = JSON.parse(readFileSync("node_modules/copytax/package.json", "utf8"));
  const doors = Object.entries(exports).flatMap(([name, { types }]) => (types ? [`copytax${name.slice(1)}`] : []));
  const imports = doors.map((door, at) => `import * as door${at} from "${door}";`);
  const text = [...imports, `export const doors = [${doors.map((_, at) => `door${at}`)}] as const;`, ""].join("\n");
  writeFileSync("program.mts", text);
  writeFileSync("program.cts", text);
' || exit 1

if ! npm exec --yes --package=typescript@5.2 -- tsc --version >/dev/null 2>&1; then
  echo 'SKIPPED: other lines of TypeScript cannot be fetched, so that the declarations were not tried with them'
  echo '1 passed, 0 failed'
  exit
fi

passed=0
failed=0
check() { # LINE SKIP-LIB-CHECK MODULE RESOLUTION FILE...
  local line=$1 skip=$2 module=$3 resolution=$4 tsc
  shift 4
  tsc=(npm exec --yes --package="typescript@$line" -- tsc)
  [ "$line" != installed ] || tsc=("$root/node_modules/.bin/tsc")
  if "${tsc[@]}" --noEmit --strict --target es2022 --lib es2023,esnext.disposable --types node \
    --module "$module" --moduleResolution "$resolution" --skipLibCheck "$skip" "$@" >log 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: TypeScript $line, module $module, skipLibCheck $skip: $*"
    tail -n 20 log
  fi
}

# Before 5.4 the declarations of zod cannot be checked, and before 5.8 CommonJS cannot import an ES module. README.md
# says the lowest line.
for line in 5.2 5.4 5.9 installed; do
  for skip in true false; do
    [ "$line $skip" != '5.2 false' ] || continue
    check "$line" "$skip" esnext bundler program.mts
    check "$line" "$skip" nodenext nodenext program.mts
    case $line in 5.2 | 5.4) ;; *) check "$line" "$skip" nodenext nodenext program.cts ;; esac
  done
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
