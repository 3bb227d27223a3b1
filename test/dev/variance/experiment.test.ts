import { describe, expect, it } from '@jest/globals';
import type { TurnRequest } from '../../../dev/variance/draws.js';
import { Experiment, type ExperimentHooks, type Sampled } from '../../../dev/variance/experiment.js';
import { parseVariance, type Turn } from '../../../dev/variance/turn.js';
import { CopytaxError } from '../../../lib/errors.js';

const SETTINGS = { minutes: 1, processes: 3, sampleMs: 60, seed: 1 };
const HOST = { cpu: 'example', cpus: 2, hypervisor: null };
const EPOCH = 1_700_000_000_000;

interface Played {
  readonly alive: Set<number>;
  readonly started: number[];
  readonly steps: number[];
  most: number;
}

/** An experiment whose processes are played, on a clock that each turn moves on by 200 ms and each start by 3 s. */
function played(given: Partial<ExperimentHooks> & { readonly fails?: (turn: number) => boolean } = {}) {
  const { fails = () => false, ...hooks } = given;
  const log: Played = { alive: new Set(), started: [], steps: [], most: 0 };
  let clock = EPOCH;
  let turns = 0;
  const start = async (number: number): Promise<Sampled> => {
    clock += 3000;
    log.started.push(number);
    log.alive.add(number);
    log.most = Math.max(log.most, log.alive.size);
    const place = { threads: 0, memory: 0 };
    return {
      number,
      turn: async ({ renewsMemory, renewsThreads, cells }: TurnRequest): Promise<Turn> => {
        if (fails(turns++)) throw new CopytaxError('ERR_WORKER_DIED', `process ${number} ended`);
        place.memory += Number(renewsMemory);
        place.threads += Number(renewsThreads);
        clock += 200;
        return { process: number, ...place, samples: cells.map((cell) => [cell, clock, 12.3456789, 1, 77.123, 0.3]) };
      },
      end: async () => {
        log.alive.delete(number);
      },
    };
  };
  const experiment = new Experiment(SETTINGS, HOST, [0, 1], {
    signal: new AbortController().signal,
    onStep: (_data, leftMs) => log.steps.push(leftMs),
    now: () => clock,
    start,
    ...hooks,
  });
  return { experiment, log };
}

describe('Experiment', () => {
  it('keeps some processes alive at a time, asks all of them, and ends them when the time is over', async () => {
    const { experiment, log } = played();
    await experiment.run();
    const { turns, failures } = experiment.data;
    expect(failures).toEqual([]);
    expect({ most: log.most, alive: log.alive.size }).toEqual({ most: 3, alive: 0 });
    expect(new Set(turns.map(({ process }) => process)).size).toBe(log.started.length);
    expect(log.started).toEqual(log.started.map((_, number) => number));
    expect(turns.length).toBeGreaterThan(100);
    expect(log.steps.at(-1)).toBeLessThanOrEqual(0);
    expect(log.steps.at(-2)).toBeGreaterThan(0);
    const pairs = turns.map(({ process }, at) => process !== turns[at - 1]?.process);
    expect(pairs.filter(Boolean).length).toBeGreaterThan(turns.length / 5); // processes take turns
  });

  it('has data that can be read again, with times since its start and as many digits as they are worth', async () => {
    const { experiment } = played();
    await experiment.run();
    const read = parseVariance(JSON.parse(JSON.stringify(experiment.data)), 'x');
    expect(read).toEqual(experiment.data);
    const rows = read.turns.flatMap(({ samples }) => samples);
    expect(rows[0]).toEqual([expect.any(Number), expect.any(Number), 12.346, 1, 77.1, 0.3]);
    expect(rows[0]![1]).toBe(3 * 3000 + 200);
    expect(rows.at(-1)![1]).toBeLessThan(65_000);
  });

  it('records a failure and goes on with another process', async () => {
    const { experiment, log } = played({ fails: (turn) => turn === 5 });
    await experiment.run();
    const { turns, failures } = experiment.data;
    expect(failures).toEqual([
      { atMs: expect.any(Number), process: expect.any(Number), code: 'ERR_WORKER_DIED', message: expect.any(String) },
    ]);
    expect(turns.length).toBeGreaterThan(50);
    expect({ most: log.most, alive: log.alive.size }).toEqual({ most: 3, alive: 0 });
  });

  it('ends with the last failure when the processes do nothing but fail, and leaves none of them', async () => {
    const { experiment, log } = played({ fails: (turn) => turn >= 20 });
    await expect(experiment.run()).rejects.toMatchObject({ code: 'ERR_WORKER_DIED' });
    expect(experiment.data.turns).toHaveLength(20);
    expect(experiment.data.failures).toHaveLength(5);
    expect(log.alive.size).toBe(0);
  });

  it('ends after the turn in which it is interrupted, with what it has', async () => {
    const abort = new AbortController();
    const { experiment, log } = played({
      signal: abort.signal,
      onStep: ({ turns }) => {
        if (turns.length === 7) abort.abort();
      },
    });
    await experiment.run();
    expect(experiment.data.turns).toHaveLength(7);
    expect(log.alive.size).toBe(0);
  });

  it('starts nothing when it is interrupted before that', async () => {
    const { experiment, log } = played({ signal: AbortSignal.abort() });
    await experiment.run();
    expect({ started: log.started, turns: experiment.data.turns }).toEqual({ started: [], turns: [] });
  });
});
