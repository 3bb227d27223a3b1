/**
 * The prediction of the throughput model for a cell: the lowest of several limits, see docs/model.md#formula. Its costs
 * come from the calibration, none from the cell; from the cell it takes what was asked for, and the size of its
 * packets.
 */

import { lastLevelCacheBytesOrUsual } from '../../bench/facts/memory/last-level-cache.js';
import { USUAL_PERCENT } from '../../bench/plan/usual.js';
import type { CellResult, ResultDocument } from '../../bench/result/result.js';
import { DESIGN_FACTS, type DesignFacts } from '../../designs/design-table.js';
import { FRAG_BYTES } from '../../page/page-source.js';
import type { Model, Parameters } from './model-parameters.js';

/** The limits, in the order of a report; all but CPUs, ACKs and device are in the formula. */
export const LIMITS = ['line', 'senders', 'TX lock', 'memory', 'CPUs', 'ACKs', 'device'] as const;
export type Limit = (typeof LIMITS)[number];

export interface Prediction {
  /** Gbit/s. */
  readonly rate: number;
  readonly limit: Limit;
  /** Every limit, Gbit/s; infinite where there is none. */
  readonly limits: Readonly<Record<Limit, number>>;
}

const param = ({ params }: CellResult, name: string) => Number(params[name] ?? Number.NaN);

/** Mean payload of a packet, as senders and the small-queue limit made them. */
export const packetBytes = ({ ledger }: CellResult): number => (ledger.bytes ?? 0) / (ledger.skbs ?? 0);

/** Bytes that all senders of a cell may have in flight. */
export const inFlight = (cell: CellResult): number => param(cell, 'senders') * param(cell, 'window');

/** Bytes of the slot pool that socket pages may take. */
export function roomForPages(cell: CellResult): number {
  return (Number(cell.params.percent ?? USUAL_PERCENT) / 100) * param(cell, 'pool');
}

type OwnDesigns = ResultDocument['ownDesigns'];

/** What the design of a cell promises: a design of this package, or one that the result itself describes. */
function promisesOf({ params }: CellResult, own: OwnDesigns = []) {
  const design: Pick<DesignFacts, 'promises'> | undefined = DESIGN_FACTS[params.design as keyof typeof DESIGN_FACTS];
  return (design ?? own.find(({ name }) => name === params.design))?.promises;
}

/** Share of the payload that has to be copied twice, given what was asked for: pages have room for the rest. */
export function bouncedShare(cell: CellResult, own?: OwnDesigns): number {
  const promises = promisesOf(cell, own);
  if (promises?.bounceCopies === 1) return 1;
  return promises?.holdsSlots ? Math.max(0, 1 - roomForPages(cell) / inFlight(cell)) : 0;
}

/**
 * Returns k, the bytes that memory moves for a byte of payload. Only buffers that outgrow the last-level cache count,
 * each with its transfers, see docs/model.md#bytes-that-memory-moves: a read of the user's buffer; the line, the write
 * and the second read of socket pages; the line and the write of bounce memory, which next-fit search walks from end to
 * end; and the read of the device. Together these are 7 for a byte that is copied twice and 4 for one that is copied
 * once, or 5 and 3 where stores bypass the caches.
 */
export function transfers(cell: CellResult, model: Model, result: ResultDocument): number {
  const cache = lastLevelCacheBytesOrUsual(result.machine, result.settings.cpus);
  const write = model.memory?.transfers === 2 ? 1 : 2;
  const users = (cell.ledger.userBufferBytes ?? 0) * param(cell, 'senders') > cache ? 1 : 0;
  const device = cell.params.device === 'read' ? 1 : 0;
  const pagesSpill = inFlight(cell) > cache;
  const poolSpills = param(cell, 'pool') > cache;
  const twice = users + (pagesSpill ? write + 1 : 0) + (poolSpills ? write + device : 0);
  const onceSpills = promisesOf(cell, result.ownDesigns)?.holdsSlots ? poolSpills : pagesSpill;
  const once = users + (onceSpills ? write + device : 0);
  const share = bouncedShare(cell, result.ownDesigns);
  return share * twice + (1 - share) * once;
}

/** Costs of the design of a cell; for the share of its payload that bounces, costs of the conventional path. */
function costs(
  cell: CellResult,
  { parameters }: Model,
  designs: OwnDesigns,
): (Parameters & { bounceCopy: number }) | null {
  const own = parameters.get(String(cell.params.design));
  const share = bouncedShare(cell, designs);
  if (own === undefined) return null;
  if (own.bounceCopy !== null || share === 0) return { ...own, bounceCopy: own.bounceCopy ?? 0 };
  const conventional = parameters.get('bounce');
  if (conventional?.bounceCopy == null) return null;
  const locked = own.locked + share * (conventional.locked - own.locked);
  return { ...own, locked, bounceCopy: conventional.bounceCopy };
}

/** Returns null where the design was not calibrated, or nothing was sent. */
export function predict(cell: CellResult, model: Model, result: ResultDocument): Prediction | null {
  const cost = costs(cell, model, result.ownDesigns);
  const packet = packetBytes(cell);
  if (cost === null || !(packet > 0)) return null;
  const senders = param(cell, 'senders');
  const cpus = param(cell, 'cpus');
  const sender = cost.userCopy + cost.page / FRAG_BYTES + cost.call / param(cell, 'message');
  const lock = cost.locked / packet + bouncedShare(cell, result.ownDesigns) * cost.bounceCopy;
  // A device that reads has a CPU of its own, unless the host has none left for it.
  const isCrowded = cell.params.device === 'read' && result.settings.cpus.length <= cpus;
  const work = sender + lock + cost.elsewhere / packet + (isCrowded ? cost.deviceRead : 0);
  const moved = transfers(cell, model, result);
  const bandwidth = model.memory === null ? Number.POSITIVE_INFINITY : model.memory.copied * model.memory.transfers;
  const ackDelayNs = Number(cell.params.ackDelayNs ?? 0);
  const bytesPerNs: Record<Limit, number> = {
    line: (cell.ledger.lineGbps ?? Number.POSITIVE_INFINITY) / 8,
    senders: senders / sender,
    'TX lock': param(cell, 'queues') / lock,
    memory: moved === 0 ? Number.POSITIVE_INFINITY : bandwidth / moved,
    CPUs: cpus / work,
    ACKs: ackDelayNs === 0 ? Number.POSITIVE_INFINITY : inFlight(cell) / ackDelayNs,
    device: cost.deviceRead === 0 ? Number.POSITIVE_INFINITY : 1 / cost.deviceRead,
  };
  const limits = Object.fromEntries(LIMITS.map((name) => [name, 8 * bytesPerNs[name]])) as Record<Limit, number>;
  const limit = LIMITS.reduce((lowest, name) => (limits[name] < limits[lowest] ? name : lowest));
  return { rate: limits[limit], limit, limits };
}
