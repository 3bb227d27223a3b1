/** The guards that the doctor shows: what goes wrong without each, and what copytax does instead. */

export const GUARDS = {
  'first-touch': {
    mistake: 'destination not faulted in',
    effect: 'Linux finds and zeroes a page in the middle of the copy',
    guard: 'every page is populated and written before it is measured',
  },
  'zero-page': {
    mistake: 'shared page of zeros',
    effect: 'memory that was never written is one page, which never leaves the L1 cache',
    guard: 'every page is written, each with other contents',
  },
  'small-pages': {
    mistake: 'small pages',
    effect: 'each copy also pays for the translation of its addresses',
    guard: 'huge pages are asked for, and the result says how much memory got them',
  },
  'unpinned-thread': {
    mistake: 'unpinned thread',
    effect: 'Linux moves a thread away from the caches that hold its data',
    guard: 'each logical CPU is a thread that is pinned',
  },
  'saturated-timer': {
    mistake: 'saturated timer',
    effect: 'the clock takes longer than what it times, or stands still meanwhile',
    guard: 'short copies are timed in batches, by the counter of the CPU where Linux trusts it',
  },
  'noisy-neighbour': {
    mistake: 'noisy neighbour',
    effect: 'others use the caches and the memory that the copies need',
    guard: 'what is compared is interleaved, ratios are formed within a round, and each round counts what others used',
  },
  'throttled-cgroup': {
    mistake: 'throttled control group',
    effect: 'the wall clock runs on while a quota stops the threads',
    guard: 'quota and throttling are read with each round, and costs per byte come from time on the CPU',
  },
  'pending-stores': {
    mistake: 'stores still under way',
    effect: 'the copy returns while its last stores wait for their cache lines, and what follows pays for them',
    guard: 'copies are timed until their stores are done',
  },
  'one-layout': {
    mistake: 'one memory layout',
    effect: 'repeats at one place agree with each other more than the next run will',
    guard: 'memory at other places is sampled within a run',
  },
} as const satisfies Readonly<Record<string, { mistake: string; effect: string; guard: string }>>;

export type GuardName = keyof typeof GUARDS;
export const GUARD_NAMES = Object.keys(GUARDS) as GuardName[];
