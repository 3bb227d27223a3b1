/**
 * The one error class of copytax, and every code it can carry.
 * A code is stable across releases; messages may improve. Match on `code`, never on the message or on `instanceof`:
 * errors made by native code belong to another realm under some test runners.
 */

import type { DetailsOf, ErrorCode } from './error-details.js';
import { MORE_THREADS } from './remedies.js';

export type { DetailsOf, ErrorCode, ErrorDetails } from './error-details.js';

const REMEDIES = {
  ERR_INVALID_ARG_TYPE: 'pass a value of the documented type',
  ERR_UNKNOWN_OPTION: 'correct or remove the option; the message lists those that exist',
  ERR_OUT_OF_RANGE: 'pass a value within the documented range',
  ERR_NOT_POWER_OF_TWO: 'pass a power of two',
  ERR_USAGE: 'run the command with --help',
  ERR_ENGINE_FLAGS: 'measure with a Node that has no such flag, on the command line or in NODE_OPTIONS',
  ERR_ADDON_NOT_BUILT: 'run `npx copytax build`, which needs a C++ compiler',
  ERR_ADDON_DAMAGED: 'install the package again, or run `npx copytax build`',
  ERR_ADDON_DISABLED: 'start Node without --no-addons; with --permission, add --allow-addons',
  ERR_ADDON_BUNDLED: 'mark copytax as external in the bundler, or name the file of its addon in COPYTAX_ADDON',
  ERR_NO_COMPILER: 'install a C++ compiler, or name one in CXX',
  ERR_REGION_MAP: 'ask for less memory, free some, or raise a limit on addresses or data (`ulimit -v`, `ulimit -d`)',
  ERR_REGION_LOCK: 'raise the limit (`ulimit -l`, LimitMEMLOCK=), or use lock: "try"',
  ERR_TOO_MANY_REGIONS: 'close regions that are not used any more, or share one: a process has at most 4096',
  ERR_NOT_SENT: 'send again through a socket that is open; the lease of the region is given back',
  ERR_SOCKET: 'look at the error of Linux in the message: the receiver, the route, or a right that is missing',
  ERR_SOCKET_CLOSED: 'open another: a socket holds in the thread that opened it, until it is closed',
  ERR_POOL_CLOSED: 'take buffers before close(), or of another pool',
  ERR_NOT_POSTABLE: 'post what names it, as the message says, and attach to it in the other thread',
  ERR_REGION_CLOSED: 'attach the region again, or keep it open for as long as it is used',
  ERR_EXTERNAL_MEMORY: 'run under plain Node: this runtime refuses buffers over memory of its addons',
  ERR_KERNEL_UNSUPPORTED: 'choose a copy kernel that `copytax machine` lists as supported',
  ERR_CPU_PIN: 'choose a CPU of `affinity()`: this one is not there, or a control group has taken it from this process',
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
  ERR_ALREADY_RUNNING: 'await the call that runs, or use another ThreadedMachine',
  ERR_NOT_RUNNING: 'call it between run() and its result; to set it beforehand, pass it to machineConfig()',
  ERR_STALLED: 'enlarge the slot pool (`slotPool.bytes`), or send with less data in flight (`sockets.sendBufferBytes`)',
  ERR_NEVER_ARRIVES:
    'raise the rates of `devices` and `network` or lower `network.ackDelayNs`; if they are usual, it is a model bug',
  ERR_LOCK_STALLED: 'make the machine or the slot pool anew: the thread that held the lock has ended, or hangs',
  ERR_ABORTED: 'look at what failed on the other thread',
  ERR_SCENE_STALLED: 'a result if the row of the fault expects it; or else report it with the command',
  ERR_LOCK_STUCK: 'forget() the thread if it has ended; if it is only slow, try again or raise `stallMs`',
  ERR_THREAD_ALIVE: 'forget a thread only once it has ended: await worker.terminate(), or its exit event',
  ERR_THREAD_FORGOTTEN: 'attach again, and forget only threads that have ended',
  ERR_TIMED_OUT: 'end what else runs on the host, or leave the scenario out (`--only`)',
  ERR_NO_PROGRESS: 'a model bug: please report it with the command that plays it again',
  ERR_SCENARIO: 'a bug of the scenario: please report it with the command',
  ERR_TINYBENCH: 'run the Bench to its end with `retainSamples: true`, and pass it then',
  ERR_RUN: 'look at what that run said above; complete runs before it are kept',
  ERR_COMPARE: 'compare results that the same version wrote, or take them again',
  ERR_MISSING_PACKAGE: 'install the package that the message names',
  ERR_SQL: 'write SQL of DuckDB: `copytax compare --sql tables` lists tables and columns',
  ERR_NO_THREAD: MORE_THREADS,
  ERR_WORKER_DIED: 'look at the cause; results taken before it are kept',
  ERR_DESIGN: 'correct the design or its module: examples/own-design has one that works',
  ERR_TRACE_SYNTAX: 'correct that line; a trace is refused rather than read in part',
  ERR_TRACE_FILE: 'name a readable trace, plain or gzipped',
  ERR_CAPTURE: 'pass the text of a trace with the event swiotlb_bounced: docs/captures.md says how to record one',
  ERR_LOG_FILE: 'name a readable log or capture, plain or gzipped, or pass it on standard input',
  ERR_TRACING: 'run the commands that the message names: each grants one thing that is not shown',
  ERR_RESULT_SCHEMA: 'name a file that `copytax bench --json` wrote',
  ERR_RESULT_FILE: 'choose another path, or mend its permissions',
} as const satisfies Readonly<Record<ErrorCode, string>>;

/** What to do about an error of this code: one clause, without a full stop. */
export function remedyFor(code: ErrorCode): string {
  return REMEDIES[code];
}

/** True for a text that is a code of this version. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(REMEDIES, value);
}

/** An error of this package: everything it throws or rejects with. The message says what was wrong, and where. */
export class CopytaxError extends Error {
  /** What kind of error it is, stable across releases. */
  readonly code: ErrorCode;
  /**
   * What a program may want of the message: errno, limits, names of options. `ErrorDetails` has its fields by code. A
   * `remedy` in it is what `remedy` returns, instead of that of the code.
   */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'CopytaxError';
    this.code = code;
    this.details = details;
  }

  /** What to do: one clause, without a full stop. */
  get remedy(): string {
    return typeof this.details.remedy === 'string' ? this.details.remedy : remedyFor(this.code);
  }
}

/** An error of this package with a known code. */
export interface CopytaxErrorOf<Code extends ErrorCode> extends CopytaxError {
  /** The code. */
  readonly code: Code;
  /** What a program may want of the message. */
  readonly details: Readonly<Record<string, unknown>> & DetailsOf<Code>;
}

/**
 * True for an error of this package, with this code if one is given; then the type of `details` is known. Looks at the
 * name, not at the class, because errors that crossed from another realm or thread have another one, and no `remedy`:
 * `remedyFor` serves them.
 */
export function isCopytaxError<Code extends ErrorCode>(error: unknown, code?: Code): error is CopytaxErrorOf<Code> {
  const { name, code: given } = (error ?? {}) as Partial<CopytaxError>;
  return name === 'CopytaxError' && isErrorCode(given) && (code === undefined || given === code);
}
