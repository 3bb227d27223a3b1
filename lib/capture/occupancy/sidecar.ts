/**
 * What was noted beside a capture: `NAME.json` for `NAME.trace.gz`, as `copytax capture` writes it. A capture does not
 * tell what was in use before it began.
 */
import { statSync } from 'node:fs';
import { readJson } from '../../bench/files/read-json.js';
import { CopytaxError } from '../../errors.js';
import { shown } from '../../limits.js';
import { parseBootParam } from '../../swiotlb/boot/boot-options.js';
import { KIB, nextPowerOfTwo } from '../../units.js';

/** Each is null if it was not noted. */
export interface Sidecar {
  /** Its file. */
  readonly file: string;
  /** Slots of the host's slot pool; where it grew, as many as it had at the end. */
  readonly slots: number | null;
  /** Its areas: as the command line says, or by the number of CPUs. */
  readonly areas: number | null;
  /** Slots in use before the capture. */
  readonly usedBefore: number | null;
  /** Slots in use after it. */
  readonly usedAfter: number | null;
  /** The high-water mark of the kernel over the capture, which 6.1 does not have. */
  readonly highWater: number | null;
  /** Most slots in use that were seen by looking again and again. */
  readonly polledMost: number | null;
  /** Release of the kernel. */
  readonly kernel: string | null;
  /** Value of `swiotlb=` on the command line of the kernel; null without one, too. */
  readonly bootParam: string | null;
  /** CPUs of the host. */
  readonly cpus: number | null;
  /** Memory of the host. */
  readonly memoryBytes: number | null;
}

/** Bytes that a sidecar may have. */
const MOST_BYTES = 16 * 1024 * KIB;

/** The name of the sidecar that belongs to a capture; null for a name from which none follows. */
export function sidecarName(capture: string): string | null {
  const stem = capture.replace(/\.gz$/i, '').replace(/\.(?:trace|txt|log|out|dat)$/i, '');
  return stem === '' || stem.endsWith('/') ? null : `${stem}.json`;
}

/**
 * Reads what stands beside a capture; null if there is no such file, or it is not about a capture.
 * @throws ERR_CAPTURE if it is there and cannot be read
 */
export function sidecarOf(capture: string): Sidecar | null {
  const file = sidecarName(capture);
  if (file === null || file === capture || isEmptyOrMissing(file)) return null;
  let value: unknown;
  try {
    value = readJson(file, MOST_BYTES);
  } catch (cause) {
    throw sidecarFault(file, (cause as Error).message, cause);
  }
  return parseSidecar(value, file);
}

/** The file that stands where a sidecar of the capture would, if it is not about a capture; else null. */
export function strangerBeside(capture: string): string | null {
  const file = sidecarName(capture);
  return file === null || file === capture || isEmptyOrMissing(file) || sidecarOf(capture) !== null ? null : file;
}

/** A shell makes an empty file before it runs a command whose output is to go there. */
function isEmptyOrMissing(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0;
}

function sidecarFault(file: string, why: string, cause?: unknown): CopytaxError {
  const remedy = 'mend it, or move it away: a capture can be read without it';
  return new CopytaxError('ERR_CAPTURE', `${file}, which stands beside the capture: ${why}`, { file, remedy }, cause);
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** Null if it is not about a capture. @throws ERR_CAPTURE for a count that is none */
export function parseSidecar(value: unknown, file: string): Sidecar | null {
  const all = fieldsOf(value);
  const [before, after] = [fieldsOf(all.debugfs_before), fieldsOf(all.debugfs_after)];
  if (Object.keys(before).length === 0 && Object.keys(after).length === 0) return null;
  const count = (fields: Fields, name: string): number | null => {
    const given = fields[name];
    if (given === undefined || given === null) return null;
    if (typeof given === 'number' && Number.isSafeInteger(given) && given >= 0) return given;
    throw sidecarFault(file, `${name} is ${shown(given)}, and has to be a count`);
  };
  const slots = [count(before, 'nslabs'), count(after, 'nslabs')].filter((one) => one !== null);
  const cpus = count(all, 'cpus');
  const bootParam = bootParamOf(all.cmdline);
  const typed = bootParam === null ? 0 : parseBootParam(bootParam).areas;
  return {
    file,
    slots: slots.length === 0 ? null : Math.max(...slots),
    areas: typed > 0 ? typed : cpus === null ? null : nextPowerOfTwo(Math.max(1, cpus)),
    usedBefore: count(before, 'used'),
    usedAfter: count(after, 'used'),
    highWater: 'hiwater' in all ? count(all, 'hiwater') : markOf(count(before, 'used_hiwater'), after),
    polledMost: count(all, 'used_polled_max'),
    kernel: typeof all.kernel === 'string' ? all.kernel : null,
    bootParam,
    cpus,
    memoryBytes: memoryOf(all.memory),
  };
}

/** The mark after a capture: it is of the capture alone only if it was set back before. */
function markOf(before: number | null, after: Fields): number | null {
  const mark = after.used_hiwater;
  return before === 0 && typeof mark === 'number' && mark > 0 ? mark : null;
}

function bootParamOf(cmdline: unknown): string | null {
  if (typeof cmdline !== 'string') return null;
  const found = cmdline.split(/\s+/).findLast((word) => word.startsWith('swiotlb='));
  return found?.slice('swiotlb='.length) ?? null;
}

/** Memory as /proc/meminfo has it, `1952784 kB`, or bytes. */
function memoryOf(memory: unknown): number | null {
  if (typeof memory === 'number') return Number.isSafeInteger(memory) && memory > 0 ? memory : null;
  const match = typeof memory === 'string' ? /^(\d{1,12}) kB$/.exec(memory) : null;
  return match === null ? null : Number(match[1]) * KIB;
}
