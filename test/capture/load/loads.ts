/** Loads for tests: mappings as rows. */
import type { PoolLoad } from '../../../lib/capture/load/pool-load.js';

export interface Row {
  readonly timeNs?: number;
  readonly bytes?: number;
  readonly offset?: number;
  readonly cpu?: number;
  readonly heldNs?: number;
  readonly device?: number;
}

/** Rows without a time come a nanosecond after each other; they are of 2048 bytes, and held for 10 ns. */
export function loadOf(rows: readonly Row[], devices: readonly (string | null)[] = ['e']): PoolLoad {
  const column = (of: (row: Row, at: number) => number) => rows.map(of);
  return {
    name: 'rows',
    entries: rows.length,
    timeNs: Float64Array.from(column(({ timeNs }, at) => timeNs ?? at)),
    bytes: Uint32Array.from(column(({ bytes }) => bytes ?? 2048)),
    offset: Uint16Array.from(column(({ offset }) => offset ?? 0)),
    cpu: Uint16Array.from(column(({ cpu }) => cpu ?? 0)),
    heldNs: Float64Array.from(column(({ heldNs }) => heldNs ?? 10)),
    device: Uint16Array.from(column(({ device }) => device ?? 0)),
    devices,
    payload: null,
  };
}
