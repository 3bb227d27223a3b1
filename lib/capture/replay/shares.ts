/** Who bounced: events and bytes by device, by CPU and by context. Owner: one thread. */
import type { CaptureContext } from '../capture-event.js';
import type { CapturedMapping } from '../mappings/captured-mapping.js';

/** Attempts to bounce, and their bytes. */
export interface Share {
  /** Attempts. */
  events: number;
  /** Of the attempts. */
  bytes: number;
  /** Attempts in softirqs; null where the capture does not tell contexts. */
  softirqEvents: number | null;
  /** Bytes of these. */
  softirqBytes: number | null;
}

/** Names of devices, or numbers of CPUs, that are told apart; the rest is one row. */
export const MOST_ROWS = 4096;
/** The row of those beyond. */
export const OTHERS = 'others';

/** The name of a device's row. */
export const deviceName = (device: string | null): string => device ?? 'unknown';

interface Counts {
  events: number;
  bytes: number;
  softirqEvents: number;
  softirqBytes: number;
  /** Events whose context is told. */
  told: number;
}

function emptyCounts(): Counts {
  return { events: 0, bytes: 0, softirqEvents: 0, softirqBytes: 0, told: 0 };
}

export class Shares {
  readonly #all = emptyCounts();
  readonly #contexts = new Map<CaptureContext, Counts>();
  readonly #devices = new Map<string, Counts>();
  readonly #cpus = new Map<string, Counts>();

  count({ device, cpu, context, size }: CapturedMapping): void {
    add(this.#all, context, size);
    add(rowOf(this.#contexts, context), context, size);
    add(rowOf(this.#devices, deviceName(device)), context, size);
    add(rowOf(this.#cpus, String(cpu)), context, size);
  }

  get all(): Share {
    return shareOf(this.#all);
  }

  /** By context, device and CPU; devices by their bytes, CPUs by their number. */
  tables(): { contexts: Record<string, Share>; devices: Record<string, Share>; cpus: Record<string, Share> } {
    const byBytes = [...this.#devices].sort(([, a], [, b]) => b.bytes - a.bytes);
    const byNumber = [...this.#cpus].sort(([a], [b]) => Number(a) - Number(b));
    return { contexts: table([...this.#contexts]), devices: table(byBytes), cpus: table(byNumber) };
  }
}

function rowOf<Key extends string>(rows: Map<Key, Counts>, key: Key): Counts {
  const found = rows.get(key);
  if (found !== undefined) return found;
  const name = rows.size < MOST_ROWS ? key : (OTHERS as Key);
  const row = rows.get(name) ?? emptyCounts();
  rows.set(name, row);
  return row;
}

function add(counts: Counts, context: CaptureContext, size: number): void {
  counts.events++;
  counts.bytes += size;
  if (context !== 'unknown') counts.told++;
  if (context !== 'softirq') return;
  counts.softirqEvents++;
  counts.softirqBytes += size;
}

function shareOf({ events, bytes, softirqEvents, softirqBytes, told }: Counts): Share {
  if (told < events) return { events, bytes, softirqEvents: null, softirqBytes: null };
  return { events, bytes, softirqEvents, softirqBytes };
}

function table(rows: readonly (readonly [string, Counts])[]): Record<string, Share> {
  return Object.fromEntries(rows.map(([name, counts]) => [name, shareOf(counts)]));
}
