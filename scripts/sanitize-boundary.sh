#!/usr/bin/env bash
# Builds the addon with the address and undefined behaviour sanitizers and calls it from Node with random arguments.
#   scripts/sanitize-boundary.sh [SEED [CALLS]]   default: any seed, a million calls, shared by two processes
# To repeat a failure: PROCESSES=1, with the seed and the calls that were printed. Needs `npm run build` before.
set -euo pipefail
cd "$(dirname "$0")/.."
seed=${1:-$RANDOM$RANDOM}
calls=${2:-1000000}
processes=${PROCESSES:-2}
cxx=${CXX:-g++}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# Sources, definitions and headers are those of the addon that is built already.
facts() {
  node -e '
    const { readFileSync } = require("node:fs");
    const [target] = JSON.parse(readFileSync("binding.gyp", "utf8")).targets;
    const { nodedir } = JSON.parse(readFileSync("build/config.gypi", "utf8").replace(/^#.*$/gm, "")).variables;
    const headers = [`${nodedir}/include/node`, require("node-addon-api").include_dir, "build/Release/obj/gen/copytax"];
    const flags = [...target.defines.map((name) => `-D${name}`), ...headers.map((folder) => `-I${folder}`)];
    const of = { sources: target.sources, flags: ["-DNODE_GYP_MODULE_NAME=copytax", ...flags, ...target.cflags_cc] };
    console.log(of[process.argv[1]].join("\n"));
  ' "$1"
}
sanitize=(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -g -O1 -fPIC -pthread)
mapfile -t flags < <(facts flags)
facts sources | xargs -P 2 -I {} sh -c 'file=$1; shift; "$@" -c "$file" -o "$0/$(echo "$file" | tr / _).o"' "$out" {} \
  "$cxx" "${sanitize[@]}" "${flags[@]}" -fno-exceptions -fno-rtti
"$cxx" "${sanitize[@]}" -shared "$out"/*.o -o "$out/copytax.node"

# V8 gives memory back when the process ends, if at all: leaks are looked for by scripts/sanitize.sh.
export LD_PRELOAD="$("$cxx" -print-file-name=libasan.so) $("$cxx" -print-file-name=libubsan.so)"
export ASAN_OPTIONS=detect_leaks=0:detect_stack_use_after_return=0 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
node() { command node --no-warnings --expose-gc "$@"; }

# A report ends the process, or this script would prove nothing: a library that is wrong on purpose shows it.
echo 'char* volatile p; __attribute__((constructor)) void go() { p = new char[8]; p[8] = 1; }' >"$out/wrong.cc"
LD_PRELOAD= "$cxx" "${sanitize[@]}" -shared "$out/wrong.cc" -o "$out/wrong.node"
if node -e 'process.dlopen(module, process.argv[1])' "$out/wrong.node" >"$out/log" 2>&1 ||
  ! grep -q 'AddressSanitizer: heap-buffer-overflow' "$out/log"; then
  tail -n 20 "$out/log"
  echo 'the sanitizer does not see a heap overflow in this Node'
  exit 1
fi

fuzz() { # seed, calls
  echo "seed $1, $2 calls"
  COPYTAX_ADDON=$out/copytax.node node dist/test/memory/fixtures/fuzz-addon.js "$1" "$2"
}
running=()
for ((i = 0; i < processes; i++)); do
  fuzz $((seed + i * 1000)) $((calls / processes)) &
  running+=($!)
done
bad=0
for pid in "${running[@]}"; do wait "$pid" || bad=1; done
exit $bad
