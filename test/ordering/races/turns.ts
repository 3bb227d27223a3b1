/** CPUs that take turns at one table, while each access is entered in a `RaceDetector`. */
import { expect } from '@jest/globals';
import type { Arena } from '../../../lib/smp/arena.js';
import type { Cpu } from '../../../lib/smp/cpu.js';
import { inArena, testCpus } from '../../smp/fixtures/cpus.js';
import { forbidden } from './plain-reads.js';
import { WatchedMachines } from './watched-machine.js';

const CPUS = 3;
/** How often each call is made. */
export const ROUNDS = 2 * CPUS;

/** A call on a table, by the CPU whose turn it is. */
export type Turn<Table> = (table: Table, cpu: Cpu, round: number) => void;

/**
 * The races that nothing permits, when each call is made on each CPU, the next one on the next CPU. A call sees what
 * those before it did through the table alone.
 */
export function racesOf<Table>(build: (arena: Arena) => Table, reset: (table: Table) => void, ...calls: Turn<Table>[]) {
  using machines = new WatchedMachines();
  machines.begin(CPUS);
  const { cpus } = testCpus(CPUS);
  const table = inArena(build);
  reset(table);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, call] of calls.entries()) {
      const cpu = (round + at) % CPUS;
      machines.runOn(cpu, () => call(table, cpus[cpu]!, round));
    }
  }
  expect(machines.accesses).toBeGreaterThan(calls.length);
  return forbidden(machines.races);
}
