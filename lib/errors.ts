/**
 * The one error class of copytax, and every code it can carry.
 * A code is stable across releases; messages may improve. Match on `code`, never on the message or on `instanceof`:
 * errors made by native code belong to another realm under some test runners.
 */

const REMEDIES = {
  ERR_INVALID_ARG_TYPE: 'pass a value of the documented type',
  ERR_OUT_OF_RANGE: 'pass a value within the documented range',
  ERR_NOT_POWER_OF_TWO: 'pass a power of two',
  ERR_USAGE: 'run the command with --help',
  ERR_ENGINE_FLAGS: 'measure with a Node that has no such flag, on the command line or in NODE_OPTIONS',
  ERR_ADDON_NOT_BUILT: 'run `npm run build:native` in the package folder',
  ERR_NO_COMPILER: 'install a C++ compiler, or name one in CXX',
  ERR_UNSUPPORTED_NODE: 'use Node 20.19 or newer',
  ERR_REGION_MAP: 'ask for less memory, or free some',
  ERR_REGION_LOCK: 'raise the limit (`ulimit -l`, LimitMEMLOCK=), or use lock: "try"',
  ERR_REGION_CLOSED: 'attach the region again, or keep it open for as long as it is used',
  ERR_EXTERNAL_MEMORY: 'run under plain Node: this runtime refuses buffers over memory of its addons',
  ERR_KERNEL_UNSUPPORTED: 'choose a copy kernel that `copytax machine` lists as supported',
  ERR_CPU_PIN: 'choose a CPU of the affinity mask of this process',
  ERR_SWIOTLB_FULL: 'enlarge the slot pool (`swiotlb=`), or send with less data in flight',
  ERR_DOUBLE_FREE: 'free each allocation once',
  ERR_IN_FLIGHT: 'wait until its packets are acknowledged, unregister the memory or close its machine, and try again',
  ERR_WRONG_KIND: 'free or type this page through the allocator that handed it out',
  ERR_TYPE_OWNED: 'register a page type once; choose a number of PAGE_TYPE that is free',
  ERR_BAD_ADDRESS: 'pass an address that the allocator returned',
  ERR_DEVICE_READ: 'a model bug: please report it with the seed',
  ERR_EXPOSED: 'private payload reached shared memory, a known defect of the patch as posted: use the hardened flavour',
  ERR_UNBALANCED: 'a bug of the design, if it is your own, or else of the model: please report it with the command',
  ERR_INVARIANT:
    'a bug of the design, if it is your own, or else of the model: please report it with the seed or command',
  ERR_ALREADY_RUNNING: 'await the trial that runs, or use another ThreadedMachine',
  ERR_NOT_RUNNING: 'call it between run() and its result; to set it beforehand, pass it to machineConfig()',
  ERR_STALLED: 'enlarge the slot pool or the ring, or send with less data in flight',
  ERR_TIMED_OUT: 'end what else runs on the host, or leave the scenario out (`--only`)',
  ERR_NO_PROGRESS: 'a model bug: please report it with the command that plays it again',
  ERR_SCENARIO: 'a bug of the scenario: please report it with the command',
  ERR_RUN: 'look at what that run said above; complete runs before it are kept',
  ERR_WORKER_DIED: 'look at the cause; results taken before it are kept',
  ERR_INTERRUPTED: 'run again; results taken before it are kept',
  ERR_DESIGN: 'correct the design or its module: examples/own-design has one that works',
  ERR_TRACE_SYNTAX: 'correct that line; a trace is refused rather than read in part',
  ERR_TRACE_FILE: 'name a readable trace, plain or gzipped',
  ERR_RESULT_SCHEMA: 'use a result file written by this version',
  ERR_RESULT_FILE: 'choose another path, or mend its permissions',
} as const;

export type ErrorCode = keyof typeof REMEDIES;

/** What to do about an error of this code: one clause, without a full stop. */
export function remedyFor(code: ErrorCode): string {
  return REMEDIES[code];
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(REMEDIES, value);
}

/** `details` holds what a program may want (errno, limits, option names); the message holds it in words. */
export class CopytaxError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'CopytaxError';
    this.code = code;
    this.details = details;
  }
}
