/**
 * What does bouncing cost on the transmit path, and what does each design give back? Every cell is a machine: a design
 * with N senders and Q queues, a message size and a send buffer. A sample lets the machine run for a while, drains it,
 * and fails if a byte was lost.
 */
import {
  type Cell,
  cellId,
  type Params,
  type RatioSpec,
  type Scenario,
  type ScenarioContext,
} from '../../lib/bench/plan/scenario.js';
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import type { DesignName } from '../../lib/designs/designs.js';
import { type MachineConfig, machineConfig } from '../../lib/machine/build/config.js';
import { random, seedFor } from '../../lib/random.js';
import { copyKernelFor } from '../shared/copy-kernel.js';
import { SharedMachine } from '../shared/shared-machine.js';
import { growthOf, knownOf, ledgerOf, rateOf, SAMPLED_COSTS } from '../shared/trial-ledger.js';
import { configOf, idOf, paramsOf, type Shape, shapes } from '../shared/tx-shapes.js';
import { COPY_BYTES, MemoryBandwidth, transfersPerByte } from './memory-bandwidth.js';
import { calibrationShape, sweepShapes } from './sweep-shapes.js';

const NAME = 'tx-designs';
const CONVENTIONAL: DesignName = 'bounce';
/** Sizes of the messages of calibration cells. No cell that is swept by default has them. */
const CALIBRATION_MESSAGES = [512, 32768] as const;

/** A sweep has a hundred cells: their files keep enough to tell why a cell has no cost. */
const SAMPLED_IN_SWEEP = ['onCpuShare', 'coresTotal'] as const;

/** A cell whose samples run a machine. */
function machineCell(
  id: string,
  params: Params,
  config: MachineConfig,
  sampleMs: number,
  machine: SharedMachine,
): Cell {
  return {
    id,
    params,
    unit: 'Gbit/s',
    higherIsBetter: true,
    batch: 1,
    sample: (signal) =>
      machine.sample(config, sampleMs, signal, (trial) => ({
        value: rateOf(trial),
        ledger: {
          ...ledgerOf(trial),
          ...knownOf(config),
          ...(config.slotPool.growth === 'none' ? {} : growthOf(trial)),
        },
      })),
  };
}

function cell(design: DesignName, shape: Shape, settings: BenchSettings, machine: SharedMachine): Cell {
  const config = configOf(design, shape, settings);
  const { device, kernel, sampleMs } = settings;
  const params = { design, ...paramsOf(shape, settings), device, pool: shape.pool, kernel, cpus: config.cpus.count };
  return machineCell(idOf(NAME, design, shape), params, config, sampleMs, machine);
}

/** The cells that the throughput model takes the costs of a design from, see docs/model.md#calibration. */
function calibrationCells(design: DesignName, settings: BenchSettings, machine: SharedMachine): Cell[] {
  return CALIBRATION_MESSAGES.map((message) => {
    const shape = calibrationShape(settings, message);
    const config = machineConfig(configOf(design, shape, settings), { checking: { timesTxLock: true } });
    const { senders, queues, window } = shape;
    const params = { calibrates: design, senders, queues, message, window, cpus: config.cpus.count };
    return machineCell(idOf(`${NAME}/calibration`, design, shape), params, config, settings.sampleMs, machine);
  });
}

/** The cell that measures the memory behind the caches: B of the throughput model. */
function memoryCell({ cpus, sampleMs, kernel }: BenchSettings, { host }: ScenarioContext): Cell {
  const index = copyKernelFor({ kernel }, COPY_BYTES);
  const memory = new MemoryBandwidth(host, cpus, index);
  return {
    id: cellId([NAME, 'calibration', 'memory'], { cpus: cpus.length }),
    params: { calibrates: 'memory', cpus: cpus.length, transfers: transfersPerByte(index) },
    unit: 'GB/s',
    higherIsBetter: true,
    batch: 1,
    prepare: (signal) => memory.open(signal),
    sample: () => memory.sample(sampleMs),
    dispose: () => memory.close(),
  };
}

/** Compares every other design with the conventional path, shape by shape. */
function comparisons(designs: readonly DesignName[], all: readonly Shape[]): RatioSpec[] {
  if (!designs.includes(CONVENTIONAL)) return [];
  return designs
    .filter((design) => design !== CONVENTIONAL)
    .flatMap((design) =>
      all.map((shape) => ({
        id: idOf(NAME, `${design}:${CONVENTIONAL}`, shape),
        of: idOf(NAME, design, shape),
        to: idOf(NAME, CONVENTIONAL, shape),
      })),
    );
}

export async function txDesigns(settings: BenchSettings, context: ScenarioContext): Promise<Scenario> {
  const all = settings.sweep ? sweepShapes(settings) : shapes(settings);
  const { designs, cpus } = settings;
  const configs = designs.flatMap((design) => all.map((shape) => configOf(design, shape, settings)));
  const places = random(seedFor(settings.seed, `${NAME} places`));
  const machine = new SharedMachine(configs, cpus);
  const calibration = settings.sweep
    ? [...designs.flatMap((design) => calibrationCells(design, settings, machine)), memoryCell(settings, context)]
    : [];
  return {
    name: NAME,
    question: 'what does the second copy cost on the transmit path, and what does each design give back?',
    cells: [...designs.flatMap((design) => all.map((shape) => cell(design, shape, settings, machine))), ...calibration],
    ratios: comparisons(designs, all),
    tables: [{ kind: settings.sweep ? 'sweep' : 'designs' }],
    sampledLedger: settings.sweep ? SAMPLED_IN_SWEEP : SAMPLED_COSTS,
    weight: 3,
    open: (signal) => machine.open(signal),
    renew: (signal) => machine.renew(places, signal),
    close: () => machine.close(),
  };
}
