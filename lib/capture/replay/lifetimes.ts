/**
 * How long mappings were held, by device and direction, and which of those that are left were held for too long: their
 * end was missed. Owner: one thread.
 */
import type { CaptureDirection } from '../capture-event.js';
import type { CapturedMapping } from '../mappings/captured-mapping.js';
import { slotsAt } from '../mappings/mapping-stream.js';

/** Steps of a histogram in each doubling of time. */
const PER_OCTAVE = 8;
/** Mappings that must have ended before the longest of them says anything. */
const FEWEST_ENDED = 20;
/** One that is held for longer than this times the longest that ended was not held: its end was missed. */
const OVERDUE = 4;

/** How long mappings of a device in one direction were held. */
export interface Lifetime {
  /** Name of the device; null if it is not told. */
  readonly device: string | null;
  /** Which side writes. */
  readonly direction: CaptureDirection | null;
  /** Mappings that ended in the capture. */
  readonly ended: number;
  /** The middle of their times, within a tenth of it. */
  readonly medianNs: number;
  /** The time that nine of ten stay below, within a tenth of it. */
  readonly p90Ns: number;
  /** The longest, exact. */
  readonly longestNs: number;
}

/** Mappings that did not end although all others of their kind did long before. */
export interface Overdue {
  /** Name of the device; null if it is not told. */
  readonly device: string | null;
  /** Which side writes. */
  readonly direction: CaptureDirection | null;
  /** How many there are. */
  readonly mappings: number;
  /** Slots that they take. */
  readonly slots: number;
  /** For how long the first of them is held at the end of the capture. */
  readonly heldNs: number;
  /** For how long the longest was held of those that ended. */
  readonly longestNs: number;
}

interface Kind {
  readonly device: string | null;
  readonly direction: CaptureDirection | null;
  ended: number;
  longestNs: number;
  readonly steps: Map<number, number>;
}

export class Lifetimes {
  readonly #kinds = new Map<string, Kind>();

  ended({ device, direction, timeNs }: CapturedMapping, endNs: number): void {
    const kind = this.#kindOf(device, direction);
    const heldNs = Math.max(0, endNs - timeNs);
    kind.ended++;
    kind.longestNs = Math.max(kind.longestNs, heldNs);
    const step = heldNs < 1 ? 0 : Math.round(Math.log2(heldNs) * PER_OCTAVE);
    kind.steps.set(step, (kind.steps.get(step) ?? 0) + 1);
  }

  /** Of each kind of which some have ended, the most frequent first. */
  table(): Lifetime[] {
    return [...this.#kinds.values()]
      .sort((a, b) => b.ended - a.ended)
      .map(({ device, direction, ended, longestNs, steps }) => ({
        device,
        direction,
        ended,
        medianNs: Math.min(longestNs, quantile(steps, ended, 0.5)),
        p90Ns: Math.min(longestNs, quantile(steps, ended, 0.9)),
        longestNs,
      }));
  }

  /** Which of the mappings that are left at the end of the capture were not held, but their end was missed. */
  overdue(live: readonly CapturedMapping[], endNs: number): Overdue[] {
    const found = new Map<Kind, { mappings: number; slots: number; heldNs: number }>();
    for (const { device, direction, timeNs, slot, size } of live) {
      const kind = this.#kindOf(device, direction);
      const heldNs = endNs - timeNs;
      if (kind.ended < FEWEST_ENDED || heldNs <= OVERDUE * kind.longestNs) continue;
      const row = found.get(kind) ?? { mappings: 0, slots: 0, heldNs: 0 };
      found.set(kind, {
        mappings: row.mappings + 1,
        slots: row.slots + slotsAt(slot!, size),
        heldNs: Math.max(row.heldNs, heldNs),
      });
    }
    return [...found].map(([{ device, direction, longestNs }, row]) => ({ device, direction, ...row, longestNs }));
  }

  #kindOf(device: string | null, direction: CaptureDirection | null): Kind {
    const key = `${direction} ${device}`;
    const found = this.#kinds.get(key);
    if (found !== undefined) return found;
    const kind: Kind = { device, direction, ended: 0, longestNs: 0, steps: new Map() };
    this.#kinds.set(key, kind);
    return kind;
  }
}

function quantile(steps: ReadonlyMap<number, number>, total: number, share: number): number {
  let left = total * share;
  for (const [step, count] of [...steps].sort(([a], [b]) => a - b)) {
    left -= count;
    if (left <= 0) return 2 ** (step / PER_OCTAVE);
  }
  return 0;
}
