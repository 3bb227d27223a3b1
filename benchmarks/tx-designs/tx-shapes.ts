/** What the cells of the transmit designs differ in besides the design, and the names that they get from it. */
import { cellId, type Params } from '../../lib/bench/plan/scenario.js';
import type { BenchSettings, FreeDispatchChoice } from '../../lib/bench/plan/settings.js';
import { USUAL_PERCENT, USUAL_POOL_BYTES } from '../../lib/bench/plan/usual.js';
import type { Flavour } from '../../lib/flavour.js';
import type { GrowthMode } from '../../lib/machine/build/choices.js';
import { type MachineConfig, machineConfig } from '../../lib/machine/build/config.js';
import type { DesignName } from '../../lib/net/designs.js';
import { MAX_SKB_BYTES } from '../../lib/net/skb.js';
import { MIB, nextPowerOfTwo } from '../../lib/units.js';
import { copyKernelFor } from '../shared/copy-kernel.js';

const USER_BYTES = 2 * MIB;

/** Ways of running a design. */
interface Ways {
  readonly growth: GrowthMode;
  readonly flavour: Flavour;
  readonly freeDispatch: FreeDispatchChoice;
  readonly ackDelayNs: number;
  readonly percent: number;
  readonly pool: number;
}

export type Shape = Readonly<Record<'senders' | 'queues' | 'message' | 'window', number>> & Ways;

/** How things were before they could be had otherwise: ids without them go on to join results. */
export const USUAL: Ways = {
  ...{
    growth: 'none',
    flavour: 'hardened',
    freeDispatch: 'design',
    ackDelayNs: 0,
    percent: USUAL_PERCENT,
    pool: USUAL_POOL_BYTES,
  },
};
const WAYS = Object.keys(USUAL) as (keyof Ways)[];

function waysOf(settings: BenchSettings): Ways[] {
  const { growths, flavours, freeDispatches, ackDelaysNs, percents, pools } = settings;
  return growths.flatMap((growth) =>
    flavours.flatMap((flavour) =>
      freeDispatches.flatMap((freeDispatch) =>
        ackDelaysNs.flatMap((ackDelayNs) =>
          percents.flatMap((percent) =>
            pools.map((pool) => ({ growth, flavour, freeDispatch, ackDelayNs, percent, pool })),
          ),
        ),
      ),
    ),
  );
}

export function shapes(settings: BenchSettings): Shape[] {
  const { senders, queues, messages, windows } = settings;
  return waysOf(settings).flatMap((ways) =>
    senders.flatMap((sending) =>
      queues
        .filter((count) => count <= sending)
        .flatMap((count) =>
          messages.flatMap((message) =>
            windows.map((window) => ({ senders: sending, queues: count, message, window, ...ways })),
          ),
        ),
    ),
  );
}

/** The shape without those ways that `isLeftOut`. */
function without(
  { senders, queues, message, window, ...ways }: Shape,
  isLeftOut: (way: keyof Ways) => boolean,
): Params {
  const said = WAYS.filter((way) => !isLeftOut(way)).map((way) => [way, ways[way]]);
  return { senders, queues, message, window, ...Object.fromEntries(said) };
}

export function idOf(scenario: string, design: string, shape: Shape): string {
  return cellId(
    [scenario, design],
    without(shape, (way) => shape[way] === USUAL[way]),
  );
}

/** Parameters of a cell: the same names in all cells of a run, which are those that the run asked for. */
export function paramsOf(shape: Shape, settings: BenchSettings): Params {
  const all = waysOf(settings);
  return without(shape, (way) => way === 'pool' || all.every((ways) => ways[way] === USUAL[way]));
}

export function configOf(design: DesignName, shape: Shape, settings: BenchSettings): MachineConfig {
  const { cpus, device } = settings;
  const { senders, queues, message, freeDispatch } = shape;
  return machineConfig({
    ...{ design, flavour: shape.flavour, freeDispatch: freeDispatch === 'design' ? null : freeDispatch },
    cpus: {
      count: Math.min(cpus.length, senders + queues),
      copyKernel: copyKernelFor(settings, Math.min(message, MAX_SKB_BYTES)),
    },
    sockets: {
      ...{ senders, messageBytes: message, sendBufferBytes: shape.window },
      userBufferBytes: Math.max(USER_BYTES, nextPowerOfTwo(message)),
    },
    network: { ackDelayNs: shape.ackDelayNs },
    slotPool: { bytes: shape.pool, growth: shape.growth, pagePercent: shape.percent },
    devices: { queues, completion: device },
  });
}
