import { describe, expect, it } from '@jest/globals';
import { hostDelta } from '../../../lib/bench/host/host-reading.js';
import { ScenarioRecord } from '../../../lib/bench/result/scenario-record.js';
import { FakeClock, QUIET_READING, scriptedCell, scriptedScenario, takenSample } from '../fixtures/scripted.js';

const clock = new FakeClock();
const [of, to] = ['of', 'to'].map((id) => scriptedCell(id, clock, () => 1));
const scenario = scriptedScenario([of!, to!], { ratios: [{ id: 'of:to', of: 'of', to: 'to' }] });

/** A record of rounds of both cells: value and pulse of each. */
function recordOf(rounds: readonly (readonly [value: number | null, pulse: number])[][]): ScenarioRecord {
  const record = new ScenarioRecord(scenario);
  for (const round of rounds) {
    for (const [at, [value, pulse]] of round.entries()) {
      record.addSample(
        scenario.cells[at]!,
        takenSample({ value, durationMs: 1, pulseNs: [pulse] }, record.pulses().length),
      );
    }
    record.addRound(2, 0, hostDelta(QUIET_READING, QUIET_READING));
  }
  return record;
}

describe('ScenarioRecord', () => {
  it('keeps the time and the pulses of each sample', () => {
    const record = recordOf([
      [
        [5, 1],
        [6, 2],
      ],
      [
        [7, 1],
        [8, 1],
      ],
    ]);
    expect(record.results([1]).map(({ startedMs, pulsesNs }) => [startedMs, pulsesNs])).toEqual([
      [
        [0, 2],
        [[1], [1]],
      ],
      [
        [1, 3],
        [[2], [1]],
      ],
    ]);
  });

  it('says of cells and ratios what the samples at full speed say, beside what all say', () => {
    const fast = Array.from({ length: 6 }, () => [[20, 1] as const, [10, 1] as const]);
    const slow = Array.from({ length: 7 }, () => [[10, 2] as const, [10, 1] as const]);
    const record = recordOf([...fast, ...slow]);
    const [cell] = record.results([1]);
    expect(cell).toMatchObject({ summary: { median: 10 }, atFullSpeed: { samples: 6, summary: { median: 20 } } });
    expect(record.ratios([1])[0]).toMatchObject({ median: 1, rounds: 13, atFullSpeed: { median: 2, rounds: 6 } });
  });

  it('pairs no round in which one of the cells moved nothing', () => {
    const record = recordOf([
      [
        [20, 1],
        [10, 1],
      ],
      [
        [null, 1],
        [10, 1],
      ],
      [
        [30, 1],
        [10, 1],
      ],
    ]);
    expect(record.ratios([1])[0]).toMatchObject({ rounds: 2, median: Math.sqrt(2 * 3) });
    expect(record.results([1])[0]).toMatchObject({ samples: [20, null, 30], summary: { median: 25 } });
    expect(record.failed()).toEqual([]);
  });

  it('has no result of a cell in which nothing ever moved, and names it', () => {
    const record = recordOf([
      [
        [null, 1],
        [10, 1],
      ],
    ]);
    expect(record.results([1]).map(({ id }) => id)).toEqual(['to']);
    expect(record.ratios([1])).toEqual([]);
    const failure = { id: 'of', scenario: 'scripted', params: { name: 'of' }, samples: 1 };
    expect(record.failed()).toEqual([{ ...failure, why: 'nothing moved' }]);
  });

  it('tells a cell whose samples have no cost from one in which nothing moved', () => {
    const record = new ScenarioRecord(scenario);
    const ledger = { bytes: 5, coresTotal: Number.NaN };
    record.addSample(of!, takenSample({ value: null, durationMs: 1, ledger }));
    expect(record.failed()).toMatchObject([{ id: 'of', why: 'no cost' }]);
  });

  it('has the reason of a cell of which this host has no value', () => {
    const record = new ScenarioRecord(scenario);
    record.addSample(of!, takenSample({ value: null, durationMs: 0, whyNone: 'Linux gives no memory of node 1' }));
    expect(record.failed()).toMatchObject([
      { id: 'of', samples: 1, why: 'not here', message: 'Linux gives no memory of node 1' },
    ]);
  });

  it('gives the cost of a cell and the paired difference of two, with a ledger that says the same', () => {
    const record = new ScenarioRecord({ ...scenario, sampledLedger: ['coresTotal'] });
    const ledgerOf = (user: number, has: boolean) => {
      const parts = { coresUser: user, coresBounce: 0.5, coresSlotPage: 0, coresLockWait: 0, coresRest: 0 };
      return has ? { gbps: 9, ...parts, coresTotal: user + 0.5 } : { gbps: 9, coresTotal: Number.NaN };
    };
    for (let round = 0; round < 12; round++) {
      const has = round % 2 === 0;
      record.addSample(of!, takenSample({ value: 1, durationMs: 1, ledger: ledgerOf(1 + round, has) }));
      record.addSample(to!, takenSample({ value: 1, durationMs: 1, ledger: ledgerOf(2 + round, true) }));
    }
    const [cell, other] = record.results([]);
    expect(cell).toMatchObject({ cores: { median: 6.5, rounds: 6 }, ledger: { gbps: 9, coresTotal: 6.5 } });
    expect(cell!.ledger.coresUser! + cell!.ledger.coresBounce!).toBeCloseTo(6.5);
    expect(other!.cores).toMatchObject({ rounds: 12 });
    expect(record.costDifferences()).toMatchObject([
      { id: 'of:to', of: 'of', to: 'to', median: -1, low: -1, high: -1, rounds: 6, significant: true },
    ]);
  });

  it('keeps numbers of the ledger that a scenario asks for: one of each round, null where there is none', () => {
    const record = new ScenarioRecord({ ...scenario, sampledLedger: ['gbps', 'coresTotal', 'offsetBytes'] });
    for (const ledger of [{ gbps: 3, bytes: 1 }, undefined, { gbps: Number.NaN, coresTotal: 0 }, { gbps: 0 }]) {
      record.addSample(of!, takenSample({ value: 1, durationMs: 1, ...(ledger === undefined ? {} : { ledger }) }));
      record.addSample(to!, takenSample({ value: 1, durationMs: 1, ledger: { bytes: 1 } }));
    }
    const [cell, other] = record.results([]);
    expect(cell!.ledgerSamples).toEqual({ gbps: [3, null, null, 0], coresTotal: [null, null, 0, null] });
    expect(other).not.toHaveProperty('ledgerSamples');
  });

  it('gives no cost where less than half of the rounds have one, and none in the ledger either', () => {
    const record = new ScenarioRecord(scenario);
    const parts = { coresUser: 1, coresBounce: 1, coresSlotPage: 1, coresLockWait: 1, coresRest: 1, coresTotal: 5 };
    for (let round = 0; round < 13; round++) {
      const ledger = round < 6 ? { gbps: 9, ...parts } : { gbps: 9 };
      record.addSample(of!, takenSample({ value: 1, durationMs: 1, ledger }));
      record.addSample(to!, takenSample({ value: 1, durationMs: 1, ledger: { gbps: 9, ...parts } }));
    }
    const [cell] = record.results([]);
    expect(cell).not.toHaveProperty('cores');
    expect(cell!.ledger).toEqual({ gbps: 9 });
    expect(record.costDifferences()).toEqual([]);
  });

  it('compares sizes only in rounds in which something moved at all of them', () => {
    const points = [
      { bytes: 1024, of: 'of', to: 'to' },
      { bytes: 4096, of: 'to', to: 'of' },
    ];
    const record = new ScenarioRecord({ ...scenario, crossings: [{ id: 'c', of: 'one', to: 'another', points }] });
    for (const value of [2, null, 2, 2]) {
      record.addSample(of!, takenSample({ value, durationMs: 1 }));
      record.addSample(to!, takenSample({ value: 1, durationMs: 1 }));
    }
    expect(record.crossings(1)[0]).toMatchObject({ rounds: 3, wins: [[2048, 4096]] });
  });

  it('pairs samples at full speed with those of the same round, where each cell was slow in another', () => {
    const record = recordOf(
      [2, 4, 8, 16].map((value, round) => [
        [2 * value, round === 0 ? 2 : 1] as const,
        [value, round === 3 ? 2 : 1] as const,
      ]),
    );
    expect(record.ratios([1])[0]).toMatchObject({ median: 2, atFullSpeed: { median: 2, low: 2, high: 2, rounds: 2 } });
  });

  it('knows the pulse of a sample also behind one in which nothing moved', () => {
    const record = recordOf([
      [
        [null, 1],
        [1, 1],
      ],
      [
        [5, 2],
        [1, 1],
      ],
      [
        [7, 1],
        [1, 1],
      ],
    ]);
    expect(record.results([1])[0]).toMatchObject({ atFullSpeed: { samples: 1, summary: { median: 7 } } });
  });

  it('numbers the memory that the cells of a round had', () => {
    const record = recordOf([]);
    for (const placement of [0, 0, 1]) {
      record.placement = placement;
      record.addRound(2, 0, hostDelta(QUIET_READING, QUIET_READING));
    }
    expect(record.rounds.map(({ placement }) => placement)).toEqual([0, 0, 1]);
  });

  it('compares with prices only in rounds in which something moved at all sizes', () => {
    const price = { name: 'p', nsPerUse: 2000, nsPerPage: 0, isLowerBound: false, includes: 'both ways', source: null };
    const points = [
      { bytes: 4096, cell: 'of' },
      { bytes: 16384, cell: 'to' },
    ];
    const record = new ScenarioRecord({
      ...scenario,
      breakEvens: [{ id: 'b', cost: 'a copy', points, prices: [price] }],
    });
    for (const value of [1000, null, 1000]) {
      record.addSample(of!, takenSample({ value, durationMs: 1 }));
      record.addSample(to!, takenSample({ value: 4000, durationMs: 1 }));
    }
    expect(record.breakEvens(1)[0]).toMatchObject({ rounds: 2, wins: [[12288, 16384]] });
  });
});
