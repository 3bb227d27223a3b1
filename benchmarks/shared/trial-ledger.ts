/** What a sample of a transmit design accounts: the ledger of its cell, from the trial of its machine. */
import {
  CORE_KEYS,
  type CoreKey,
  type Ledger,
  type LedgerKey,
  MINIMAL_CPU_SHARE,
} from '../../lib/bench/types/ledger-keys.js';
import type { MachineConfig } from '../../lib/machine/build/config.js';
import type { TxTrial } from '../../lib/machine/run/tx-trial.js';

/** Returns Gbit/s of payload that arrived; null if none did: on a starved host that is not the rate of a design. */
export function rateOf({ gbps }: TxTrial): number | null {
  return gbps > 0 ? gbps : null;
}

/** Cores per 100 Gbit/s of one nanosecond of CPU time per byte. */
const CORES_PER_NS = 100 / 8;

/** What results keep of each sample, so that a reader can form the costs again. */
export const SAMPLED_COSTS: readonly LedgerKey[] = ['onCpuShare', 'coresTotal', ...CORE_KEYS];

/**
 * Returns the CPU time of a part of the time of a trial per byte of payload, nanoseconds; not a number where the trial
 * has no costs.
 */
export function cpuNsPerByte({ bytes, onCpuShare, cpuPerBusyNs }: TxTrial, ns: number): number {
  const hasCosts = bytes > 0 && onCpuShare >= MINIMAL_CPU_SHARE;
  return hasCosts ? (ns * cpuPerBusyNs) / bytes : Number.NaN;
}

/** Returns cores per 100 Gbit/s, with their sum. */
function coresOf(trial: TxTrial): Ledger {
  const { userCopy, bounceCopy, headerCopy, slotPage, lockWait, rest } = trial.time;
  const cores = (ns: number) => cpuNsPerByte(trial, ns) * CORES_PER_NS;
  const parts: Record<CoreKey, number> = {
    coresUser: cores(userCopy),
    coresBounce: cores(bounceCopy + headerCopy),
    coresSlotPage: cores(slotPage),
    coresLockWait: cores(lockWait),
    coresRest: cores(rest),
  };
  return { ...parts, coresTotal: CORE_KEYS.reduce((sum, key) => sum + parts[key], 0) };
}

/** Returns what a sample accounts besides its rate: copies, and where the time of the CPUs went. */
export function ledgerOf(trial: TxTrial): Ledger {
  const { time, copyLedger, gbps } = trial;
  const user = copyLedger.sum('user');
  const bounce = copyLedger.sum('bounce');
  const header = copyLedger.sum('header');
  const read = copyLedger.sum('deviceRead');
  // Designs that take pages from the slot pool copy only what is on pages for which it had no room.
  const { bounceProcessBytes, bounceSoftirqBytes } = trial;
  return {
    gbps,
    seconds: trial.seconds,
    skbs: trial.skbs,
    bytes: trial.bytes,
    userBytes: user.bytes,
    userNs: user.ns,
    bounceBytes: bounce.bytes,
    bounceNs: bounce.ns,
    bounceProcessBytes,
    bounceSoftirqBytes,
    headerBytes: header.bytes,
    headerNs: header.ns,
    deviceReadBytes: read.bytes,
    deviceReadNs: read.ns,
    refillNs: trial.refillNs,
    txLockNs: trial.txLockNs,
    slotPageNs: time.slotPage,
    lockWaitNs: time.lockWait,
    restNs: time.rest,
    idleNs: time.idle,
    busyNs: trial.cpuNs - time.idle,
    onCpuShare: trial.onCpuShare,
    mapFailures: trial.mapFailures,
    ringStops: trial.ringStops,
    byteStops: trial.byteStops,
    pagesOverLimit: trial.pagesOverLimit,
    pagesWithoutBlock: trial.pagesWithoutBlock,
    areaContention: trial.areaContention,
    ...areaWaits(trial.areas),
    ...coresOf(trial),
    controlNsPerSkb: (cpuNsPerByte(trial, time.slotPage + time.rest) * trial.bytes) / trial.skbs,
  };
}

/** Facts of a machine that the parameters of the cell do not say. */
export function knownOf({
  sockets: { userBufferBytes },
  devices: { completion, lineBitsPerSecond },
}: MachineConfig): Ledger {
  return { userBufferBytes, ...(completion === 'line-rate' ? { lineGbps: lineBitsPerSecond / 1e9 } : {}) };
}

/** What growth did in a sample; each sample begins with the slot pool from start-up only. */
export function growthOf({ poolsAdded, transientPools }: TxTrial): Ledger {
  return { poolsAdded, transientPools };
}

/** Waits for the lock of each area of the first slot pool, and how long they were: `area0Waits`, `area0WaitNs`, ... */
function areaWaits(areas: TxTrial['areas']): Ledger {
  return Object.fromEntries(
    areas.flatMap(({ waits, waitNs }, area) => [
      [`area${area}Waits`, waits],
      [`area${area}WaitNs`, waitNs],
    ]),
  );
}
