/** The regimes of senders: machines whose CPUs take turns, by a clock of their own, show the shares that Linux does. */
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  CPU_LIMITED,
  linuxRuns,
  REGIMES,
  type Regime,
  regimeConfig,
} from '../../../benchmarks/softirq-share/softirq-regimes.js';
import { linuxParams, softirqShare } from '../../../benchmarks/softirq-share/softirq-share.js';
import { addon } from '../../../lib/addon/addon.js';
import { defaultSettings } from '../../../lib/bench/plan/settings.js';
import type { Column } from '../../../lib/bench/plan/table-spec.js';
import type { CellResult } from '../../../lib/bench/result/result.js';
import { InlineMachine } from '../../../lib/machine/run/inline-machine.js';
import { copyKernelIndex } from '../../../lib/memory/copy-kernels.js';
import { CopyList } from '../../../lib/memory/copy-list.js';
import { columnsTable } from '../../../lib/report/tables/columns.js';
import { PROCESS, SOFTIRQ } from '../../../lib/smp/copy-ledger.js';
import { longerUntil } from '../../machine/fixtures/longer-until.js';
import { withCells } from '../fixtures/opened.js';

const copyKernel = copyKernelIndex('libc');
const NEVER = new AbortController().signal;
const WINDOWS = 3;
/** Time of a turn of all CPUs without its copies, and time of copying a byte. */
const TURN_NS = 1000;
const BYTE_NS = 0.1;
const CLOCK_NS = 10;
const MAX_TURNS = 3e6;

/** What was measured of a machine whose CPUs take turns. */
interface Played {
  /** Share of the bounced bytes that softirqs copied. */
  readonly softirqShare: number;
  /** Bits per second. */
  readonly rate: number;
}

afterEach(() => {
  for (const patched of ['now', 'clock']) Reflect.deleteProperty(CopyList.ofThisThread(), patched);
});

/** Runs until send buffers and limits have settled, and then measures for as long again. */
function play(regime: Regime, cpus: number, rate: number): Played {
  const config = regimeConfig(regime, cpus, copyKernel, rate);
  using machine = new InlineMachine(config);
  const { copyLedger } = machine.system;
  let now = 1e9;
  Object.defineProperty(CopyList.ofThisThread(), 'now', { configurable: true, get: () => now });
  CopyList.ofThisThread().clock = () => {
    now += CLOCK_NS; // otherwise nothing would become due while the machine drains
    return now;
  };
  const enough = Math.min(
    WINDOWS * config.sockets.senders * config.sockets.sendBufferBytes,
    400 * config.sockets.messageBytes,
  );
  const copied = () =>
    ([PROCESS, SOFTIRQ] as const).map((context) => copyLedger.sum('bounce', { context }).bytes) as [number, number];
  let seen = 0;
  let turns = 0;
  const stepUntil = (bytes: number) => {
    while (copied()[0] + copied()[1] < bytes) {
      machine.step();
      const moved = copyLedger.sum('user').bytes + copied()[0] + copied()[1];
      now += TURN_NS + (moved - seen) * BYTE_NS;
      seen = moved;
      if (++turns > MAX_TURNS) throw new Error(`${regime.name} copied ${copied()} of ${bytes} bytes`);
    }
    return { bytes: copied(), ns: now };
  };
  const before = stepUntil(enough);
  const after = stepUntil(before.bytes[0] + before.bytes[1] + enough);
  machine.drain();
  const [process, softirq] = [0, 1].map((at) => after.bytes[at]! - before.bytes[at]!);
  return {
    softirqShare: softirq! / (process! + softirq!),
    rate: ((process! + softirq!) * 8e9) / (after.ns - before.ns),
  };
}

describe('the share of bounced bytes that softirqs copy, with CPUs that take turns,', () => {
  const LIMITS: Readonly<Record<string, readonly [low: number, high: number]>> = {
    'slow-network': [0.9, 1],
    paced: [0.9, 1],
    'cpu-limited': [0, 0.2],
    'app-limited': [0, 0.05],
    datagrams: [0, 0.01],
  };
  const judged = REGIMES.filter(({ linuxRegime }) => linuxRegime in LIMITS);

  it.each(judged.flatMap((regime) => [1, 2].map((cpus) => [regime.name, cpus, regime] as const)))(
    'is that of Linux for %s, CPUs: %d',
    (_name, cpus, regime) => {
      const { rate } = play(CPU_LIMITED, cpus, 1e12);
      const { softirqShare } = play(regime, cpus, rate);
      const [low, high] = LIMITS[regime.linuxRegime]!;
      expect(softirqShare).toBeGreaterThanOrEqual(low);
      expect(softirqShare).toBeLessThanOrEqual(high);
    },
    60_000,
  );
});

describe('the recorded runs of Linux', () => {
  const runs = linuxRuns();

  it('have shares from 0 to 1, for every regime', () => {
    for (const { mapShare, byteShare, maps, streams, cpus } of runs) {
      for (const share of [mapShare, byteShare]) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }
      expect(Math.min(maps, streams, cpus)).toBeGreaterThan(0);
    }
    for (const { linuxRegime } of REGIMES) expect(runs.map(({ regime }) => regime)).toContain(linuxRegime);
  });

  it('are compared with a cell of as many streams and CPUs, or all are if there is no such run', () => {
    const run = { ...runs[0]!, regime: 'paced' };
    const some = [
      { ...run, streams: 4, cpus: 2, mapShare: 0.9, byteShare: 0.8 },
      { ...run, streams: 4, cpus: 2, mapShare: 0.7, byteShare: 0.95 },
      { ...run, streams: 4, cpus: 1, mapShare: 0.5, byteShare: 0.5 },
      { ...run, streams: 8, cpus: 8, mapShare: 0.1, byteShare: 0.1 },
      { ...run, regime: 'datagrams', streams: 4, cpus: 2, mapShare: 0, byteShare: 0 },
    ];
    const paced = REGIMES.find(({ linuxRegime }) => linuxRegime === 'paced')!;
    const of = (cpus: number) => Object.values(linuxParams(paced, cpus, some));
    expect(of(2)).toEqual([2, 0.7, 0.9, 0.8, 0.95]);
    expect(of(1)).toEqual([1, 0.5, 0.5, 0.5, 0.5]);
    expect(of(8)).toEqual([3, 0.5, 0.9, 0.5, 0.95]);
  });
});

describe('softirqShare', () => {
  it('shows the shares of each machine beside those of Linux', async () => {
    const linux = { kernelMapsLow: 0.0012, kernelMapsHigh: 0.17, kernelBytesLow: 0, kernelBytesHigh: 0.03 };
    const cell: CellResult = {
      id: 'softirq-share/greedy-streams',
      scenario: 'softirq-share',
      unit: '%',
      higherIsBetter: false,
      batch: 1,
      samples: [12.6],
      durationsMs: [1],
      warnings: [],
      params: { regime: 'greedy streams', cpus: 1, senders: 8, kernelRuns: 3, ...linux },
      summary: { median: 12.6, low: 12.5, high: 12.8, confidence: 0.95 },
      ledger: { gbps: 34.56, packetShare: 0.254, byteShare: 0.125 },
    };
    const [spec] = (await softirqShare(defaultSettings('quick', [0], 1))).tables;
    const [head, row] = columnsTable([cell], (spec as { columns: readonly Column[] }).columns).split('\n');
    const heads = ['senders', 'CPUs', 'Gbit/s', 'packets', 'bytes', 'Linux packets', 'Linux bytes', 'runs'];
    expect(head!.split(/ {2,}/)).toEqual(heads);
    expect(row!.split(/ {2,}/)).toEqual([
      'greedy streams',
      '1',
      '34.6',
      '25.4',
      '12.6 [12.5, 12.8]',
      '0.1 - 17.0',
      '0.0 - 3.0',
      '3',
    ]);
  });

  it('has a cell for each regime with one CPU, and with two if there are two', async () => {
    const cellsOf = async (cpus: number[]) => (await softirqShare(defaultSettings('quick', cpus, 1))).cells;
    expect((await cellsOf([0])).map(({ params }) => params.cpus)).toEqual(REGIMES.map(() => 1));
    const cells = await cellsOf([0, 1, 2]);
    expect(cells.length).toBe(2 * REGIMES.length);
    expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
  });

  it('samples a cell whose rate depends on what the host reaches', async () => {
    const cpus = addon().affinity().slice(0, 1);
    const sampled = async (sampleMs: number) => {
      const scenario = await softirqShare({ ...defaultSettings('quick', cpus, 1), sampleMs, kernel: 'libc' });
      const cells = scenario.cells.slice(0, 1);
      return withCells(scenario, cells, () => cells[0]!.sample(NEVER));
    };
    const { value, ledger, pulseNs } = await longerUntil(sampled, (sample) => sample.ledger!.packets! > 0, 20);
    expect(value).toBeGreaterThanOrEqual(0);
    expect(value).toBeLessThanOrEqual(100);
    expect(ledger!.byteShare).toBeCloseTo(value! / 100);
    expect(ledger!.packets).toBeGreaterThan(0);
    expect(pulseNs).toEqual([expect.any(Number)]);
  });
});
