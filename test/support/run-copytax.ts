/** Runs the built command under a prefix, such as one that refuses calls. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResultDocument } from '../../lib/bench/result/result.js';
import { type Ending, type RunOptions, runFixture } from '../lifecycle/run-fixture.js';
import { scratchFolder } from '../scratch.js';

const MAIN = new URL('../../lib/cli/main.js', import.meta.url);

export function copytax(args: readonly string[], options: Omit<RunOptions, 'args'> = {}): Promise<Ending> {
  return runFixture(MAIN, { ...options, args });
}

/** A bench run and its result file. */
export interface BenchRun extends Ending {
  readonly document: ResultDocument;
}

/** Runs `bench` with a result file of one round: as little as a report can be made of. */
export async function bench(args: readonly string[], options: Omit<RunOptions, 'args'> = {}): Promise<BenchRun> {
  const file = join(scratchFolder(), 'result.json');
  const ending = await copytax(['bench', '--quick', '--rounds', '1', '--json', file, ...args], options);
  return { ...ending, document: JSON.parse(readFileSync(file, 'utf8')) };
}
