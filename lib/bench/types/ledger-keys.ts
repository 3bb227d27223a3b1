/**
 * The keys of ledgers, with their units: what a sample may account besides its value. Scenarios write them, the report
 * reads them, and result files hold them, so a key that has been published is never renamed. A key that only one
 * scenario and its tables know needs no line here: it begins with `own:`.
 */

import { frozen } from '../../frozen.js';

/** A unit of a number of a ledger. `share`: a fraction of a whole, 0 to 1; `cores`: CPU cores per 100 Gbit/s. */
export type LedgerUnit = 'bytes' | 'count' | 'ns' | 's' | 'share' | 'Gbit/s' | 'GB/s' | 'cores' | 'million/s';
/** All of them. */
export const LEDGER_UNITS: readonly LedgerUnit[] = frozen([
  'bytes',
  'count',
  'ns',
  's',
  'share',
  'Gbit/s',
  'GB/s',
  'cores',
  'million/s',
]);

/** What a number of a ledger is. */
export interface LedgerKeyFacts {
  /** Its unit. */
  readonly unit: LedgerUnit;
  /** What it counts or measures, in a few words. */
  readonly help: string;
}

/** Makes a table whose type has its keys and not its texts. */
const tableOf = <Key extends string>(table: Record<Key, LedgerKeyFacts>): Readonly<Record<Key, LedgerKeyFacts>> =>
  frozen(table);

/** Every key of a ledger that scenarios share: its unit, and what it counts. */
export const LEDGER = tableOf({
  gbps: { unit: 'Gbit/s', help: 'payload that was delivered' },
  seconds: { unit: 's', help: 'length of the measured part' },
  skbs: { unit: 'count', help: 'skbs that were sent' },
  packets: { unit: 'count', help: 'skbs that were mapped' },
  bytes: { unit: 'bytes', help: 'payload that was sent, or copied to bounce memory' },

  userBytes: { unit: 'bytes', help: 'copied from user buffers to socket pages: the first copy' },
  userNs: { unit: 'ns', help: 'time of the first copy' },
  bounceBytes: { unit: 'bytes', help: 'payload that was copied to bounce memory: the second copy' },
  bounceNs: { unit: 'ns', help: 'time of the second copy' },
  bounceProcessBytes: { unit: 'bytes', help: 'second copies made in process context' },
  bounceSoftirqBytes: { unit: 'bytes', help: 'second copies made in softirq context' },
  headerBytes: { unit: 'bytes', help: 'packet headers that were copied to bounce memory' },
  headerNs: { unit: 'ns', help: 'time of the copies of headers' },
  deviceReadBytes: { unit: 'bytes', help: 'read by a device that reads' },
  deviceReadNs: { unit: 'ns', help: 'time of the reads of the device' },
  byteShare: { unit: 'share', help: 'bounced bytes, with headers, that softirqs copied' },
  packetShare: { unit: 'share', help: 'packets that softirqs mapped' },

  refillNs: { unit: 'ns', help: 'time of senders for pages to write to' },
  txLockNs: { unit: 'ns', help: 'time under the locks of transmit queues, without copies' },
  slotPageNs: { unit: 'ns', help: 'time of slot and page work' },
  lockWaitNs: { unit: 'ns', help: 'time of waiting for locks' },
  restNs: { unit: 'ns', help: 'time of all other work' },
  idleNs: { unit: 'ns', help: 'time without work' },
  busyNs: { unit: 'ns', help: 'time of all CPUs without idle time, interruptions by the host included' },
  onCpuShare: { unit: 'share', help: 'time, idle time included, that threads had a CPU of the host' },
  allocNsPer64K: { unit: 'ns', help: 'CPU time of slot and page work per 64 KiB of payload' },
  refillNsPer64K: { unit: 'ns', help: 'the part of it in which senders got memory to write to' },
  controlNsPerSkb: { unit: 'ns', help: 'CPU time of slot and page work and the rest, per skb' },

  coresTotal: { unit: 'cores', help: 'CPU time per byte: the sum of the five parts that follow' },
  coresUser: { unit: 'cores', help: 'first copies' },
  coresBounce: { unit: 'cores', help: 'second copies and copies of headers' },
  coresSlotPage: { unit: 'cores', help: 'slot and page work' },
  coresLockWait: { unit: 'cores', help: 'waiting for locks' },
  coresRest: { unit: 'cores', help: 'all other work' },

  mapFailures: { unit: 'count', help: 'packets requeued because the slot pool was full' },
  failedShare: { unit: 'share', help: 'mappings that found the slot pool full' },
  ringStops: { unit: 'count', help: 'times that a queue stopped because its ring was full' },
  byteStops: { unit: 'count', help: 'times that a queue stopped at its byte queue limit' },
  areaContention: { unit: 'count', help: 'waits for the lock of an area of the slot pool' },
  pagesTaken: { unit: 'count', help: 'socket pages taken from the slot pool' },
  pagesOverLimit: { unit: 'count', help: 'socket pages refused because pages may take no more of the slot pool' },
  pagesWithoutBlock: { unit: 'count', help: 'socket pages refused because the slot pool had no block free' },
  mostUsedShare: { unit: 'share', help: 'peak use of the slot pool' },
  copiesPerByte: { unit: 'count', help: 'copies that CPUs made of a byte of payload' },
  secondCopyShare: { unit: 'share', help: 'payload that was copied to bounce memory after it was sent' },
  slotBytesHeld: { unit: 'bytes', help: 'mean size of the slots in use' },
  slotBytesHeldMost: { unit: 'bytes', help: 'most that slots in use were seen to take' },
  pageBytesHeld: { unit: 'bytes', help: 'mean size of the ordinary pages in use' },
  payloadBytesHeld: { unit: 'bytes', help: 'mean payload between the send call and its acknowledgement' },
  stopped: { unit: 'count', help: '1 where the design stopped: nothing was sent any more' },
  looks: { unit: 'count', help: 'times that held memory was looked at' },
  turnovers: { unit: 'count', help: 'times that all that may be in flight was sent' },
  poolsAdded: { unit: 'count', help: 'slot pools that growth added to stay' },
  transientPools: { unit: 'count', help: 'slot pools that growth added for one mapping' },
  userBufferBytes: { unit: 'bytes', help: 'size of the buffer that a sender sends from' },
  lineGbps: { unit: 'Gbit/s', help: 'rate of the line' },

  sendNs: { unit: 'ns', help: 'time in the calls that send a message through Linux' },
  receiveNs: { unit: 'ns', help: 'time in the calls that receive it on the same CPU, or throw it away' },
  completionNs: { unit: 'ns', help: 'time in the calls that tell that Linux is done with it' },
  copyNs: { unit: 'ns', help: 'time of a copy of a message beside it, from a source in the same state' },
  controlNsPer64K: { unit: 'ns', help: 'time of sends and completions without that of their copies, per 64 KiB' },
  copiedShare: { unit: 'share', help: 'sends without a copy that Linux copied after all' },

  gigabytesPerSecond: { unit: 'GB/s', help: 'rate of a copy' },
  nsPerBatch: { unit: 'ns', help: 'time of a batch of copies' },
  offsetBytes: { unit: 'bytes', help: 'offset of the source relative to the destination, drawn again for each sample' },
  millionPairsPerSecond: { unit: 'million/s', help: 'allocations with their releases by all threads, in millions' },
  pools: { unit: 'count', help: 'slot pools that an address may lie in' },
  flagged: { unit: 'count', help: '1 where the device is marked as one that may have bounces' },
  timedNs: { unit: 'ns', help: 'time between two readings of the clock, where a sample is many such times' },
  cyclesPerKiB: { unit: 'count', help: 'cycles of the CPU per copied KiB' },
  instructionsPerKiB: { unit: 'count', help: 'instructions per copied KiB' },
  llcMissesPerKiB: { unit: 'count', help: 'misses of the last-level cache per copied KiB' },
  dtlbLoadMissesPerKiB: { unit: 'count', help: 'loads that missed the data TLB, per copied KiB' },
  dtlbStoreMissesPerKiB: { unit: 'count', help: 'stores that missed the data TLB, per copied KiB' },
  countersRanShare: {
    unit: 'share',
    help: 'least share of the time that a counter ran: below 1, counts were scaled up',
  },
  lost: { unit: 'count', help: 'pages in use between two runs' },
  proof: { unit: 'count', help: 'a sum that depends on the work, so that none of it is dead code' },
});

/** A part of `coresTotal`: CPU time per byte of one kind of work, cores per 100 Gbit/s. */
export type CoreKey = 'coresUser' | 'coresBounce' | 'coresSlotPage' | 'coresLockWait' | 'coresRest';
/** These parts, in the order of a report. */
export const CORE_KEYS = [
  'coresUser',
  'coresBounce',
  'coresSlotPage',
  'coresLockWait',
  'coresRest',
] as const satisfies readonly CoreKey[];

/** By name of a performance counter: the key of what it counted per copied KiB. */
export const COUNTER_KEY_OF: Readonly<Record<string, keyof typeof LEDGER>> = frozen({
  cycles: 'cyclesPerKiB',
  instructions: 'instructionsPerKiB',
  llcMisses: 'llcMissesPerKiB',
  dtlbLoadMisses: 'dtlbLoadMissesPerKiB',
  dtlbStoreMisses: 'dtlbStoreMissesPerKiB',
});
/** All keys that performance counters fill, in the order of a report. */
export const COUNTER_KEYS: readonly (keyof typeof LEDGER)[] = frozen([
  ...Object.values(COUNTER_KEY_OF),
  'countersRanShare',
] as const);

/**
 * A sample in which the threads had less of their CPUs, idle time included, has no cost per byte. Interruptions do not
 * meet all parts alike: one that takes a CPU in the middle of a copy counts as copying, and one that takes it from the
 * holder of a lock makes others wait for it. At this share a part is wrong by a twentieth of the time at most.
 */
export const MINIMAL_CPU_SHARE = 0.95;

/** Nanoseconds for 64 KiB of a cost of one core per 100 Gbit/s. */
export const NS_PER_64K_PER_CORE = (65536 * 8) / 100;

/** What each area of the first slot pool adds: waits for its lock, and how long they were. */
export type AreaKey = `area${number}Waits` | `area${number}WaitNs`;
/** What only one scenario accounts and shows. */
export type OwnKey = `own:${string}`;
/** A key of a ledger: one of `LEDGER`, or one of a scenario of your own, which begins with `own:`. */
export type LedgerKey = keyof typeof LEDGER | AreaKey | OwnKey;

/** Means over one sample; in a result, the medians of these over the rounds. */
export type Ledger = Readonly<Partial<Record<LedgerKey, number>>>;

/** The unit that a key's number has, or null for a key that only its scenario knows. */
export function ledgerUnit(key: LedgerKey): LedgerUnit | null {
  if (Object.hasOwn(LEDGER, key)) return LEDGER[key as keyof typeof LEDGER].unit;
  if (/^area\d+Waits$/.test(key)) return 'count';
  return /^area\d+WaitNs$/.test(key) ? 'ns' : null;
}
