#!/usr/bin/env bash
# Fetches Bun for musl on x64 into FOLDER: the one runtime of JavaScript with Node-API and musl that the registry has.
# Prints what starts it; fails, with the reason, where that is not possible. It runs under Debian's musl.
#   scripts/musl-bun.sh FOLDER
# Bun needs a libstdc++ for musl, and Debian has none. What Bun asks for is linked here out of the host's static one
# against musl, which has every C function that those parts call, but for two names of glibc. Good enough to try an
# addon that has its own C++ library inside, and for nothing else: no exception can be caught.
set -euo pipefail
BUN=@oven/bun-linux-x64-musl@1.4.5
MUSL=/lib/ld-musl-x86_64.so.1
[ "$(uname -m)" = x86_64 ] || { echo 'Bun for musl is tried on x64 only'; exit 1; }
command -v musl-gcc >/dev/null && [ -e "$MUSL" ] || { echo 'no musl-gcc, of musl-tools'; exit 1; }
cd "$1"
npm pack --silent "$BUN" >/dev/null 2>&1 && tar -xzf oven-bun-*.tgz || { echo "$BUN cannot be fetched"; exit 1; }
bun=$PWD/package/bin/bun

{ # Undefined symbols, and those of which Bun holds a copy, less what musl has.
  nm -D --undefined-only "$bun" | awk '$1 == "U" { print $2 }'
  readelf -rW "$bun" | awk '$3 ~ /_COPY$/ { print $5 }'
} | sed 's/@.*//' | sort -u | comm -23 - <(nm -D --defined-only "$MUSL" | awk '{ print $3 }' | sort) |
  sed 's/^/-Wl,-u,/' >symbols
# The first only chooses atomic operations, the second finds the code that catches an exception, the third is of random
# devices, which Bun does not take from here.
cat >glue.c <<'C'
char __libc_single_threaded = 0;
void *_dl_find_object(void) { return 0; }
unsigned arc4random(void) { __builtin_trap(); }
C
musl-gcc -shared -fPIC -o libstdc++.so.6 -Wl,-soname,libstdc++.so.6 glue.c @symbols -Wl,--gc-sections \
  "$(g++ -print-file-name=libstdc++.a)" "$(gcc -print-file-name=libgcc_eh.a)" "$(gcc -print-libgcc-file-name)" \
  >log 2>&1 || { echo "a libstdc++ for musl cannot be linked: $(tail -n 1 log)"; exit 1; }
LD_LIBRARY_PATH=$PWD "$bun" --version >log 2>&1 || { echo "Bun for musl does not start: $(tail -n 1 log)"; exit 1; }
echo "env LD_LIBRARY_PATH=$PWD $bun"
