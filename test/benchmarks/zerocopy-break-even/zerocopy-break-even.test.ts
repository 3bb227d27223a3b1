/** The cells of the scenario, and its answer from known costs. No test depends on a speed. */
import { describe, expect, it } from '@jest/globals';
import {
  machineOf,
  SIZES,
  waysOf,
  zerocopyBreakEven,
} from '../../../benchmarks/zerocopy-break-even/zerocopy-break-even.js';
import { addon } from '../../../lib/addon/addon.js';
import type { Scenario } from '../../../lib/bench/plan/scenario.js';
import { defaultSettings } from '../../../lib/bench/plan/settings.js';
import { InlineMachine } from '../../../lib/machine/run/inline-machine.js';
import { scenarioLines } from '../../../lib/report/scenario-section.js';
import { FakeClock, scriptedRecorder, takenSample } from '../../bench/fixtures/scripted.js';
import { withCells } from '../fixtures/opened.js';

const cpus = addon().affinity().slice(0, 2);
const settings = defaultSettings('quick', cpus, 5);
const NEVER = new AbortController().signal;
const KIB = 1024;

/** Returns the section of a report on samples that cost what `costOf` says, in 12 rounds. */
function reportOf(scenario: Scenario, costOf: (way: string, reach: string, message: number) => number): string {
  const recorder = scriptedRecorder(new FakeClock());
  const record = recorder.begin(scenario);
  for (let round = 0; round < 12; round++) {
    for (const cell of scenario.cells) {
      const { way, reach, message } = cell.params;
      const value = (1 + round / 10) * costOf(String(way), String(reach), Number(message));
      record.addSample(cell, takenSample({ value, durationMs: 1, ledger: { gbps: 12.5 } }));
    }
  }
  const document = recorder.document({ complete: true, interrupted: false });
  return scenarioLines(document, document.scenarios[0]!).join('\n');
}

describe('zerocopyBreakEven', () => {
  it('sends messages from 1 KiB to 1 MiB in each way, with devices of both kinds', async () => {
    const { cells } = await zerocopyBreakEven(settings);
    const expected = (['bounce memory', 'all memory'] as const).flatMap((reach) =>
      SIZES.quick.flatMap((message) => waysOf(reach).map((way) => ({ reach, way, message }))),
    );
    expect(cells.map(({ params: { reach, way, message } }) => ({ reach, way, message }))).toEqual(expected);
    expect(SIZES.default.map((bytes) => bytes / KIB)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]);
    expect(SIZES.default).toEqual(expect.arrayContaining([...SIZES.quick]));
  });

  it('compares each way without a copy of the sender with each that has one, at each size', async () => {
    const { ratios, crossings } = await zerocopyBreakEven(settings);
    const rivals = ['bounce', 'bounce-pages', 'direct, where the device reaches all memory'];
    expect(crossings!.map(({ of, to }) => [of, to])).toEqual(
      rivals.flatMap((rival) => ['zerocopy', 'zerocopy-large'].map((way) => [way, rival])),
    );
    const points = crossings!.flatMap((one) => one.points.map(({ of, to }) => ({ of, to })));
    expect(ratios.map(({ of, to }) => ({ of, to }))).toEqual(points);
  });

  it('says from which size on not copying costs less, or always, or never', async () => {
    const scenario = await zerocopyBreakEven(settings);
    const perByte: Readonly<Record<string, number>> = { bounce: 2, 'bounce-pages': 0.5, direct: 1 };
    // A price of each send call, and the copy that is left: equal to `bounce` at 16 KiB, and always below `direct`.
    const text = reportOf(scenario, (way, reach, message) => {
      if (!way.startsWith('zerocopy')) return perByte[way]!;
      if (reach === 'all memory') return 0.9;
      return way === 'zerocopy' ? 2 * Math.sqrt((16 * KIB) / message) : 3;
    });
    expect(text).toContain('zerocopy costs less than bounce: from 16 KiB\n');
    expect(text).toContain('zerocopy-large costs less than bounce: at no measured size\n');
    expect(text).toContain('zerocopy costs less than bounce-pages: from 256 KiB\n');
    expect(text).toContain(
      'zerocopy costs less than direct, where the device reaches all memory: at all measured sizes\n',
    );
    for (const line of text.split('\n')) expect({ line, isShort: line.length <= 112 }).toEqual({ line, isShort: true });
  });

  it('measures CPU time in cores, with the rate and the parts of the time', async () => {
    const scenario = await zerocopyBreakEven(settings);
    const some = scenario.cells.filter(({ params }) => params.message === 64 * KIB);
    await withCells(scenario, some, async () => {
      for (const cell of some) {
        const { value, ledger, durationMs } = await cell.sample(NEVER);
        const { coresUser, coresBounce, coresSlotPage, coresLockWait, coresRest } = ledger!;
        if (value !== null && value > 0)
          expect(value).toBeCloseTo(coresUser! + coresBounce! + coresSlotPage! + coresLockWait! + coresRest!, 9);
        expect({ isNumber: (value ?? 0) >= 0, hasRate: ledger!.gbps! >= 0, took: durationMs > 0 }).toEqual({
          isNumber: true,
          hasRate: true,
          took: true,
        });
      }
    });
  });
});

describe('a machine of the scenario', () => {
  it.each([
    ['bounce', 'bounce memory', 1, 1],
    ['bounce-pages', 'bounce memory', 1, 0],
    ['zerocopy', 'bounce memory', 0, 1],
    ['zerocopy-large', 'bounce memory', 0, 1],
    ['direct', 'all memory', 1, 0],
    ['zerocopy', 'all memory', 0, 0],
    ['zerocopy-large', 'all memory', 0, 0],
  ] as const)('by %s, with a device that reaches %s, copies for users %d times and bounces %d times', (...expected) => {
    const [way, reach, user, bounce] = expected;
    const config = machineOf({ way, reach, message: 16 * KIB }, settings);
    const sockets = { ...config.sockets, messagesPerSender: 20, learn: 'told' as const };
    const machine = new InlineMachine({ ...config, sockets });
    try {
      machine.run();
      const { copyLedger } = machine.system;
      const sent = machine.system.sentBytes();
      expect({ sent, user: copyLedger.sum('user').bytes, bounce: copyLedger.sum('bounce').bytes }).toEqual({
        sent: 320 * KIB,
        user: user * sent,
        bounce: bounce * sent,
      });
    } finally {
      machine.close();
    }
  });
});
