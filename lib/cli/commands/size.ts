/** `copytax size`: which slot pool captures, or flows, need, and what to boot with. */
import { statSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { possibleCpus } from '../../bench/facts/cpu/topology.js';
import { HostFiles } from '../../bench/facts/host-files.js';
import { type CapturedLoad, capturedLoad, type FloorFrom } from '../../capture/load/captured-load.js';
import type { PoolShape } from '../../capture/occupancy/pool-use.js';
import { type Sidecar, sidecarOf } from '../../capture/occupancy/sidecar.js';
import { sizePool } from '../../capture/sizing/size-pool.js';
import type { SizingInput } from '../../capture/sizing/sizing-options.js';
import { sizingText } from '../../report/sizing/sizing-text.js';
import { bootPool } from '../../swiotlb/boot/boot-options.js';
import { type SizeArguments, type SizeRequest, sizeRequest } from '../options/parse-size-options.js';
import { usageError } from '../options/usage.js';
import { Interrupt } from '../terminal/interrupt.js';
import { JsonOutput } from '../terminal/json-output.js';
import { requireOtherFile } from '../terminal/other-file.js';
import { EXIT_FAILED, EXIT_FINE } from '../terminal/print-error.js';
import { ProgressLine, timeText } from '../terminal/progress.js';

const FROM_STDIN = '-';
/** A search that takes less shows no progress. */
const SHORT_MS = 1000;

/** What is known of the host that the pool is for. */
interface SizedHost {
  readonly cpus: number | null;
  readonly have: PoolShape | null;
  readonly bootParam: string | null;
  readonly memoryBytes: number;
  /** Null if it was given. */
  readonly memoryFrom: string | null;
}

/** The one value that all have; null if they differ, or one has none. */
function agreed<Value>(values: readonly (Value | null)[]): Value | null {
  const [first = null] = values;
  return values.every((value) => value === first) ? first : null;
}

/**
 * Refuses a capture that is named twice, by whatever names: it would count as two, and what failed rarely in it as what
 * failed in none of twice as many mappings. @throws ERR_USAGE
 */
function refuseDoubled(captures: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const name of captures) {
    const found = name === FROM_STDIN ? undefined : statSync(name, { bigint: true, throwIfNoEntry: false });
    if (found === undefined && name !== FROM_STDIN) continue;
    const file = found === undefined ? FROM_STDIN : `${found.dev}:${found.ino}`;
    const before = seen.get(file);
    if (before !== undefined) {
      const names = before === name ? `${name} is given twice` : `${before} and ${name} are the same file`;
      throw usageError(`${names}: a capture counts once, so leave one out`, { given: name });
    }
    seen.set(file, name);
  }
}

/** What was in use before the capture; where that was not noted, after it. */
function floorOf(given: number | undefined, sidecar: Sidecar | null): { floor: number; floorFrom: FloorFrom } {
  if (given !== undefined) return { floor: given, floorFrom: 'given' };
  const { usedBefore = null, usedAfter = null } = sidecar ?? {};
  if (usedBefore !== null) return { floor: usedBefore, floorFrom: 'before' };
  return usedAfter === null ? { floor: 0, floorFrom: null } : { floor: usedAfter, floorFrom: 'after' };
}

function hostOf(
  { flows, cpus, haveParam, memoryBytes }: SizeRequest,
  sidecars: readonly (Sidecar | null)[],
): SizedHost {
  const told = sidecars.flatMap((one) => (one?.cpus == null ? [] : [one.cpus]));
  const ofHost = flows === null ? null : (possibleCpus(new HostFiles()) ?? availableParallelism());
  const found = cpus ?? (told.length > 0 ? Math.max(...told) : ofHost);
  const slots = agreed(sidecars.map((one) => one?.slots ?? null));
  const areas = agreed(sidecars.map((one) => one?.areas ?? null));
  const given = haveParam === undefined ? null : bootPool({ param: haveParam, cpus: found ?? 1 });
  const memory = agreed(sidecars.map((one) => one?.memoryBytes ?? null));
  const notGiven = memory === null ? 'this host' : 'as noted beside the capture';
  return {
    cpus: found,
    have:
      given !== null
        ? { slots: given.slots, areas: given.areas }
        : slots === null || slots === 0
          ? null
          : { slots, areas: areas ?? 1 },
    bootParam: haveParam ?? agreed(sidecars.map((one) => one?.bootParam ?? null)),
    memoryBytes: memoryBytes ?? memory ?? totalmem(),
    memoryFrom: memoryBytes !== undefined ? null : notGiven,
  };
}

/**
 * Resolves to the exit code: 1 if no pool up to 1 GiB, and a quarter of the memory, is enough. Rejects with
 * ERR_USAGE, ERR_CAPTURE, ERR_LOG_FILE and ERR_RESULT_FILE.
 */
export async function sizeCommand(captures: readonly string[], given: SizeArguments): Promise<number> {
  const request = sizeRequest(captures.length, given);
  requireOtherFile('--json', given.json, captures);
  refuseDoubled(captures);
  const output = new JsonOutput(given.json);
  const began = performance.now();
  const progress = new ProgressLine(process.stderr);
  const interrupt = new Interrupt(() => {
    progress.clear();
    process.exit(interrupt.exitCode);
  });
  const show = (part: string, text: () => string) => {
    if (performance.now() - began > SHORT_MS) progress.update(part, () => `size: ${text()}`);
  };
  try {
    const sidecars = captures.map((name) => (name === FROM_STDIN ? null : sidecarOf(name)));
    const loads: CapturedLoad[] = [];
    for (const [at, name] of captures.entries()) {
      const onLine = (line: number) => {
        if (line % 1024 === 0) show(name, () => `${name}: ${line} lines`);
      };
      const told = floorOf(request.floor, sidecars[at] ?? null);
      const highWater = sidecars[at]?.highWater ?? null;
      const source = name === FROM_STDIN ? process.stdin : name;
      loads.push(await capturedLoad(source, { holds: request.holds, highWater, ...told, onLine }));
    }
    const host = hostOf(request, sidecars);
    const { flows, floor } = request;
    const input: SizingInput = flows === null ? { captures: loads } : { flows: { ...flows, cpus: host.cpus ?? 1 } };
    const searched = performance.now();
    const sizing = await sizePool(input, {
      ...request.search,
      ...(host.cpus !== null && { cpus: host.cpus }),
      ...(flows !== null && floor !== undefined && { floor }),
      ...(host.have !== null && { have: host.have }),
      ...(host.bootParam !== null && { bootParam: host.bootParam }),
      memoryBytes: host.memoryBytes,
      signal: interrupt.signal,
      onProgress: (done, expected) => {
        const leftMs = ((performance.now() - searched) / done) * (expected - done);
        show('search', () => `pass ${done} of at most ${expected}${timeText(done < 20 ? null : leftMs)}`);
      },
    });
    progress.clear();
    output.print({ ...sizing, memoryFrom: host.memoryFrom }, () => sizingText(sizing, host.memoryFrom));
    if (interrupt.signal.aborted) return interrupt.exitCode;
    return sizing.recommended === null ? EXIT_FAILED : EXIT_FINE;
  } finally {
    progress.clear();
    interrupt.close();
  }
}
