import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import { Arena } from '../../../lib/smp/arena.js';
import { cpusOver } from './fixtures/cpus-over.js';
import { type RingWorkerData, ringMachine, WORD } from './fixtures/ring-worker.js';

const WORKER = new URL('./fixtures/ring-worker.js', import.meta.url);
const THREADS = 3;
const ROUNDS = 8_000;

describe('a page pool whose pages come back from other threads', () => {
  it.each([4, 40, 1024])('loses none and hands none out twice, with a ring of %i', async (ringSlots) => {
    const arena = Arena.for((counting) => ringMachine(counting, THREADS, ringSlots));
    const machine = ringMachine(arena, THREADS, ringSlots);
    machine.table.reset();
    machine.netmem.reset();
    machine.pagePool.reset();
    const workers = Array.from({ length: THREADS }, (_, cpu) => {
      const buffer = arena.buffer!;
      return new Worker(WORKER, {
        workerData: { buffer, cpu, threads: THREADS, rounds: ROUNDS, ringSlots } satisfies RingWorkerData,
      });
    });
    await Promise.all(workers.map((worker) => once(worker, 'exit')));
    const { words, refs, users, pagePool } = machine;
    if (Atomics.load(words, WORD.gone) === 0) pagePool.retry(cpusOver(machine.table)[0]!);
    const { counters, held } = pagePool;
    expect({ problems: words[WORD.problems], done: words[WORD.done], gone: words[WORD.gone] }).toEqual({
      problems: 0,
      done: THREADS,
      gone: 1,
    });
    expect({
      inFlight: held.inFlight,
      refs: refs.some((count) => count !== 0),
      users: users.some((count) => count !== 0),
    }).toEqual({
      inFlight: 0,
      refs: false,
      users: false,
    });
    const returned = (['cached', 'cacheFull', 'ring', 'ringFull'] as const).map((name) => counters.valueOf(name));
    const [cached, cacheFull, ring, ringFull] = returned as [number, number, number, number];
    expect({ all: cached + ring + ringFull, direct: cached + cacheFull }).toEqual({ all: ROUNDS, direct: ROUNDS / 5 });
  });
});
