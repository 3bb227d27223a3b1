/**
 * What does each design of the table cost, and what happens to it when the slot pool is full? All designs at one shape,
 * in short samples: with the slot pool of the run, and with one that is smaller than what is in flight, unless devices
 * reach all memory. Apart from `tx-designs`, so that a row more in the table costs the figures there nothing:
 * docs/design/0032-prices-apart.md.
 *
 * In a sample the machine is looked at now and then: what it holds between the send call and the acknowledgement.
 */

import type { Cell, RatioSpec, Sample, Scenario } from '../../lib/bench/plan/scenario.js';
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import { usualDesigns } from '../../lib/bench/plan/usual.js';
import type { Ledger, LedgerKey } from '../../lib/bench/types/ledger-keys.js';
import { ALL_DESIGN_NAMES, type DesignName, designOf } from '../../lib/designs/designs.js';
import { KNOBS } from '../../lib/machine/build/knobs.js';
import { NO_PROGRESS_MS } from '../../lib/machine/run/progress-watch.js';
import type { TxTrial } from '../../lib/machine/run/tx-trial.js';
import { random, seedFor } from '../../lib/random.js';
import { nextPowerOfTwo } from '../../lib/units.js';
import { SharedMachine } from '../shared/shared-machine.js';
import { cpuNsPerByte, knownOf, ledgerOf, rateOf, SAMPLED_COSTS } from '../shared/trial-ledger.js';
import { configOf, headlineShape, idOf, paramsOf, type Shape } from '../shared/tx-shapes.js';

const NAME = 'design-prices';
const CONVENTIONAL: DesignName = 'bounce';
/** Time of a sample, as a part of the time of a sample of `tx-designs`. */
const SAMPLE_SHARE = 1 / 3;
/** Each design has code of its own to compile, and samples are short. */
const WARM_UP_SHARE = 3 / 4;
const LOOKS_PER_SAMPLE = 12;
/** More rounds would take time from scenarios that run later, and narrow no interval noticeably. */
const MAX_ROUNDS = 40;
/** What may be in flight, in multiples of the small slot pool. */
const OVERFULL = 4;
/** Payload that allocation is priced by: that of a full skb. */
const PRICED_BYTES = 65536;

const SAMPLED: readonly LedgerKey[] = [
  ...SAMPLED_COSTS,
  'copiesPerByte',
  'allocNsPer64K',
  'refillNsPer64K',
  'slotBytesHeld',
  'slotBytesHeldMost',
  'pageBytesHeld',
  'payloadBytesHeld',
  'secondCopyShare',
  'failedShare',
];

/** Returns the designs that are priced: all of the table, unless the run names some or has unusual ones. */
export function pricedDesigns({
  designs,
  designsNamed = false,
}: Pick<BenchSettings, 'designs' | 'designsNamed'>): readonly DesignName[] {
  const usual = usualDesigns();
  const isUsual = designs.length === usual.length && designs.every((name, at) => name === usual[at]);
  return isUsual && !designsNamed ? ALL_DESIGN_NAMES : designs;
}

/** Returns the shape with a slot pool smaller than what is in flight, or null if that of the run already is. */
export function smallShape(shape: Shape): Shape | null {
  const { senders, window, pool } = shape;
  const [smallest] = KNOBS.slotPool.bytes.range;
  const bytes = Math.max(smallest, nextPowerOfTwo(Math.floor((senders * window) / OVERFULL)));
  return bytes < pool ? { ...shape, pool: bytes } : null;
}

/** Returns what prices are made of, besides the ledger that all transmit designs have. */
export function pricesOf(trial: TxTrial): Ledger {
  const { time, refillNs, held, mapFailures, packets } = trial;
  const { userBytesTotal, bounceBytesTotal, sentBytesTotal } = trial;
  const perBytes = (ns: number) => cpuNsPerByte(trial, ns) * PRICED_BYTES;
  return {
    copiesPerByte: (userBytesTotal + bounceBytesTotal) / sentBytesTotal,
    secondCopyShare: bounceBytesTotal / sentBytesTotal,
    failedShare: mapFailures / (mapFailures + packets),
    allocNsPer64K: perBytes(time.slotPage),
    refillNsPer64K: perBytes(refillNs),
    looks: held?.looks ?? 0,
    slotBytesHeld: held?.slots.meanBytes ?? Number.NaN,
    slotBytesHeldMost: held?.slots.mostBytes ?? Number.NaN,
    pageBytesHeld: held?.pages.meanBytes ?? Number.NaN,
    payloadBytesHeld: held?.payload.meanBytes ?? Number.NaN,
  };
}

/** The sample of a design that stops. It has no rate: the value only says that nothing arrived. */
const STOPPED: Sample = { value: 0, durationMs: NO_PROGRESS_MS, ledger: { stopped: 1 } };

/** Errors of a machine that has stopped. */
const STOPS: readonly unknown[] = ['ERR_STALLED', 'ERR_NEVER_ARRIVES'];

/**
 * Returns samples of a machine that may stop for ever because its slot pool is full of payload: that is a result, not a
 * failure. Once it has stopped it is not run again, for every time would take as long.
 */
export function untilStopped(sample: Cell['sample']): Cell['sample'] {
  let hasStopped = false;
  return async (signal) => {
    if (hasStopped) return STOPPED;
    try {
      return await sample(signal);
    } catch (thrown) {
      if (!STOPS.includes((thrown as { readonly code?: unknown }).code)) throw thrown;
      hasStopped = true;
      return STOPPED;
    }
  };
}

function cell(design: DesignName, shape: Shape, settings: BenchSettings, machine: SharedMachine): Cell {
  const config = configOf(design, shape, settings);
  const { device, kernel } = settings;
  const sampleMs = settings.sampleMs * SAMPLE_SHARE;
  const lookEveryMs = Math.max(1, sampleMs / LOOKS_PER_SAMPLE);
  const of = (trial: TxTrial) => ({
    value: rateOf(trial),
    ledger: { ...ledgerOf(trial), ...knownOf(config), ...pricesOf(trial) },
  });
  return {
    id: idOf(NAME, design, shape),
    params: { design, ...paramsOf(shape, settings), device, pool: shape.pool, kernel, cpus: config.cpus.count },
    unit: 'Gbit/s',
    higherIsBetter: true,
    batch: 1,
    sample: (signal) => machine.sample(config, sampleMs, signal, of, lookEveryMs),
  };
}

/** Compares every other design with the conventional path. */
function toConventional(designs: readonly DesignName[], shape: Shape): RatioSpec[] {
  if (!designs.includes(CONVENTIONAL)) return [];
  const others = designs.filter((design) => design !== CONVENTIONAL);
  return others.map((design) => ({
    id: idOf(NAME, `${design}:${CONVENTIONAL}`, shape),
    of: idOf(NAME, design, shape),
    to: idOf(NAME, CONVENTIONAL, shape),
  }));
}

/** Compares a design in the small slot pool with itself in that of the run. */
function toItself(design: DesignName, shape: Shape, small: Shape): RatioSpec {
  return { id: idOf(NAME, `${design}:${design}`, small), of: idOf(NAME, design, small), to: idOf(NAME, design, shape) };
}

export async function designPrices(settings: BenchSettings): Promise<Scenario> {
  const shape = headlineShape(settings);
  const small = shape === undefined ? null : smallShape(shape);
  const designs = shape === undefined ? [] : pricedDesigns(settings);
  const exhausted = small === null ? [] : designs.filter((design) => designOf(design).forceBounce);
  const points = [
    ...designs.map((design) => ({ design, one: shape! })),
    ...exhausted.map((design) => ({ design, one: small! })),
  ];
  const places = random(seedFor(settings.seed, `${NAME} places`));
  const machine = new SharedMachine(
    points.map(({ design, one }) => configOf(design, one, settings)),
    settings.cpus,
  );
  return {
    name: NAME,
    question: 'what does each design cost in CPU time, memory and allocation, and what if the slot pool is full?',
    cells: points.map(({ design, one }) => {
      const made = cell(design, one, settings, machine);
      return one === small ? { ...made, sample: untilStopped(made.sample) } : made;
    }),
    ratios: [
      ...(shape === undefined ? [] : toConventional(designs, shape)),
      ...exhausted.map((design) => toItself(design, shape!, small!)),
    ],
    tables: [{ kind: 'prices' }],
    sampledLedger: SAMPLED,
    weight: 1,
    warmUpShare: WARM_UP_SHARE,
    open: (signal) => machine.open(signal),
    renew: (signal) => machine.renew(places, signal),
    close: () => machine.close(),
    maxRounds: MAX_ROUNDS,
  };
}
