/** How a capture is replayed: what was given, what stands beside the capture, and what is assumed. */
import { CopytaxError } from '../../errors.js';
import { checkOptions, oneOf, outOfRange, within } from '../../limits.js';
import type { CopyKernelChoice } from '../../memory/copy-kernels.js';
import { DEFAULT_SLOTS } from '../../swiotlb/boot/boot-options.js';
import type { CapturedMapping } from '../mappings/captured-mapping.js';
import type { Holds } from '../occupancy/hold-queue.js';
import type { PoolShape } from '../occupancy/pool-use.js';
import { type Sidecar, sidecarOf, strangerBeside } from '../occupancy/sidecar.js';

/** How long a mapping is held whose end a capture does not tell, if nothing else is given. */
export const DEFAULT_HOLD_NS = 1e6;
const LONGEST_HOLD_NS = 1e15;
const PACES = ['fast', 'recorded'] as const;

/** How a capture is replayed. */
export interface ReplayOptions {
  /** The slot pool. Default: as the sidecar says, or 32768 slots in one area. */
  readonly pool?: PoolShape;
  /** Slots in use before the capture. Default: as the sidecar says, or 0. */
  readonly startUsed?: number;
  /** How long mappings are held whose end is not told. Default: 1 ms. */
  readonly holds?: Holds;
  /** Where directions are not told: sizes of receive buffers, bytes, which then do not count as transmitted. */
  readonly receiveSizes?: readonly number[];
  /** At the times of the capture, or as fast as possible, which is the default. */
  readonly pace?: (typeof PACES)[number];
  /** Default: as Linux copies on this CPU. */
  readonly copyKernel?: CopyKernelChoice;
  /** For how long a short capture is repeated, milliseconds, so that its costs are known better. Default: 1000. */
  readonly repeatMs?: number;
  /** What stands beside the capture. Default: read from there, if the capture is a file; null: nothing. */
  readonly sidecar?: Sidecar | null;
  /** Ends the replay early: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called now and then with the number of lines that were read. */
  readonly onProgress?: (lines: number) => void;
}

const NAMES = [
  'pool',
  'startUsed',
  'holds',
  'receiveSizes',
  'pace',
  'copyKernel',
  'repeatMs',
  'sidecar',
  'signal',
  'onProgress',
];

/** Where a number of a replay comes from. */
export type Origin = 'given' | 'sidecar' | 'assumed';

/** What of a replay is decided before it begins. */
export interface Setting {
  readonly shape: PoolShape;
  readonly sizeFrom: Origin;
  readonly startUsed: number;
  readonly startUsedFrom: Origin;
  readonly holds: Holds;
  readonly receiveSizes: readonly number[];
  readonly sidecar: Sidecar | null;
  /** A file where a sidecar would stand, and which is none. */
  readonly ignored: string | null;
}

/** @throws ERR_UNKNOWN_OPTION, ERR_OUT_OF_RANGE; ERR_CAPTURE if the sidecar is damaged */
export function settingOf(source: string | NodeJS.ReadableStream, options: ReplayOptions): Setting {
  checkOptions('replayCapture()', options, NAMES);
  const { pool, startUsed, holds = { defaultNs: DEFAULT_HOLD_NS, byDevice: new Map() }, receiveSizes = [] } = options;
  oneOf('pace', options.pace ?? 'fast', PACES);
  within('repeatMs', options.repeatMs ?? 0, 0, 2 ** 31 - 1);
  if (startUsed !== undefined) within('startUsed', startUsed, 0, 2 ** 30);
  for (const ns of [holds.defaultNs, ...holds.byDevice.values()]) {
    if (!(ns >= 0 && ns <= LONGEST_HOLD_NS)) throw outOfRange(`a mapping cannot be held for ${ns} ns`);
  }
  const found = options.sidecar === undefined && typeof source === 'string' ? sidecarOf(source) : options.sidecar;
  const sidecar = found ?? null;
  const [slots, used] = [sidecar?.slots ?? null, sidecar?.usedBefore ?? null];
  const shape = pool ?? { slots: slots ?? DEFAULT_SLOTS, areas: sidecar?.areas ?? 1 };
  if ((startUsed ?? used ?? 0) > shape.slots) throw tooManyInUse(shape, startUsed ?? used!, startUsed ? null : sidecar);
  return {
    shape,
    sizeFrom: pool !== undefined ? 'given' : slots !== null ? 'sidecar' : 'assumed',
    startUsed: startUsed ?? used ?? 0,
    startUsedFrom: startUsed !== undefined ? 'given' : used !== null ? 'sidecar' : 'assumed',
    holds,
    receiveSizes,
    sidecar,
    ignored:
      options.sidecar === undefined && typeof source === 'string' && sidecar === null ? strangerBeside(source) : null,
  };
}

function tooManyInUse({ slots }: PoolShape, used: number, sidecar: Sidecar | null): CopytaxError {
  const noted = sidecar === null ? '' : `, as ${sidecar.file} notes,`;
  return new CopytaxError('ERR_OUT_OF_RANGE', `${used} slots${noted} cannot be in use in a pool of ${slots}`, {
    used,
    slots,
    remedy: 'give the slots in use before (--start-used), and the size of the slot pool (--pool)',
  });
}

/** True for what is transmitted: by its direction, or, where that is not told, by its size. */
export function isTransmit({ direction, size }: CapturedMapping, receiveSizes: readonly number[]): boolean {
  if (direction !== null) return direction === 'to-device' || direction === 'both';
  return !receiveSizes.includes(size);
}
