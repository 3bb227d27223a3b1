/**
 * The costs of the throughput model, obtained from the calibration cells of a sweep, which no table shows. See
 * docs/model.md#calibration; what the costs cannot say is in docs/model.md#what-the-model-cannot-see.
 */

import type { CellResult, ResultDocument } from '../../bench/result/result.js';
import type { LedgerKey } from '../../bench/types/ledger-keys.js';
import { FRAG_BYTES } from '../../page/page-source.js';

/** Costs of one design, in nanoseconds. */
export interface Parameters {
  /** u: the sender's copy, per byte. */
  readonly userCopy: number;
  /** m' of the formula: the sender's work on slots and pages, per 32 KiB. */
  readonly page: number;
  /** s: the sender's work per call. */
  readonly call: number;
  /** p, or p + m where payload bounces: per packet under the TX lock, the copy of its header included. */
  readonly locked: number;
  /** b: the bounce copy, per byte; null of a design that bounces no payload. */
  readonly bounceCopy: number | null;
  /** Work per packet that is neither the sender's nor under the lock: completion, acknowledgement, freeing. */
  readonly elsewhere: number;
  /** The device's own reading, per byte; 0 where it does not read. */
  readonly deviceRead: number;
}

export interface Model {
  /** By design. */
  readonly parameters: ReadonlyMap<string, Parameters>;
  /** Senders of the calibration cells, and the sizes of their messages in ascending order, bytes. */
  readonly senders: number;
  readonly messages: readonly number[];
  /** What all CPUs together copy beyond the caches, in bytes per nanosecond; null when that was not measured. */
  readonly memory: { readonly cpus: number; readonly copied: number; readonly transfers: number } | null;
}

export const isCalibration = ({ params }: CellResult): boolean => params.calibrates !== undefined;

const of = ({ ledger }: CellResult, name: LedgerKey): number => ledger[name] ?? Number.NaN;

/**
 * Busy time without copies, page work of senders, work under TX locks and waiting for locks: what only s stands for.
 */
function remainder(cell: CellResult): number {
  const timed = ['userNs', 'bounceNs', 'headerNs', 'refillNs', 'txLockNs', 'lockWaitNs'] as const;
  return timed.reduce((left, name) => left - of(cell, name), of(cell, 'busyNs'));
}

/**
 * Divides the remainder into a cost per call and a cost per packet. Two sizes of messages, of which one makes many
 * calls per packet, are two equations. A cost that comes out negative is set to 0, and the other one then takes all.
 */
function callsAndPackets(small: CellResult, large: CellResult): { call: number; packet: number } {
  const row = (cell: CellResult) => ({
    calls: of(cell, 'userBytes') / Number(cell.params.message),
    packets: of(cell, 'skbs'),
    ns: Math.max(0, remainder(cell)),
  });
  const [a, b] = [row(small), row(large)];
  const determinant = a.calls * b.packets - b.calls * a.packets;
  const call = (a.ns * b.packets - b.ns * a.packets) / determinant;
  const packet = (a.calls * b.ns - b.calls * a.ns) / determinant;
  if (!(call > 0)) return { call: 0, packet: b.ns / b.packets };
  if (!(packet > 0)) return { call: a.ns / a.calls, packet: 0 };
  return { call, packet };
}

function parametersOf(small: CellResult, large: CellResult): Parameters | null {
  const { call, packet } = callsAndPackets(small, large);
  const [userBytes, bounceBytes] = [of(large, 'userBytes'), of(large, 'bounceBytes')];
  const readBytes = of(large, 'deviceReadBytes');
  const made: Parameters = {
    userCopy: of(large, 'userNs') / userBytes,
    page: (of(large, 'refillNs') / userBytes) * FRAG_BYTES,
    call,
    locked: (of(large, 'txLockNs') + of(large, 'headerNs')) / of(large, 'skbs'),
    // Where the slot pool has no room a few pages of any design bounce: too few to measure their cost.
    bounceCopy: bounceBytes > userBytes / 2 ? of(large, 'bounceNs') / bounceBytes : null,
    elsewhere: packet,
    deviceRead: readBytes > 0 ? of(large, 'deviceReadNs') / readBytes : 0,
  };
  return Object.values(made).every((value) => value === null || Number.isFinite(value)) ? made : null;
}

/** Returns null when no design was calibrated, as in a run that is not a sweep. */
export function modelOf({ results }: ResultDocument): Model | null {
  const cells = results.filter(isCalibration);
  const parameters = new Map<string, Parameters>();
  const byMessage = (a: CellResult, b: CellResult) => Number(a.params.message) - Number(b.params.message);
  const machines = cells.filter(({ params }) => params.message !== undefined).sort(byMessage);
  for (const design of new Set(machines.map(({ params }) => String(params.calibrates)))) {
    const [small, large] = machines.filter(({ params }) => params.calibrates === design);
    const made = small && large && parametersOf(small, large);
    if (made) parameters.set(design, made);
  }
  if (parameters.size === 0) return null;
  const memory = cells.find(({ params }) => params.calibrates === 'memory');
  return {
    parameters,
    senders: Number(machines[0]!.params.senders),
    messages: [...new Set(machines.map(({ params }) => Number(params.message)))],
    memory: memory
      ? { cpus: Number(memory.params.cpus), copied: memory.summary.median, transfers: Number(memory.params.transfers) }
      : null,
  };
}
