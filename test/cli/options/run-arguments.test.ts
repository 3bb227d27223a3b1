import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { BENCH_OPTIONS } from '../../../lib/bench/plan/bench-option-table.js';
import { addBenchOptions } from '../../../lib/cli/options/declare-bench-options.js';
import { type BenchOptions, benchSettings } from '../../../lib/cli/options/parse-bench-options.js';
import { runArguments } from '../../../lib/cli/options/run-arguments.js';

const parse = (args: readonly string[]) =>
  addBenchOptions(new Command('bench')).parse(args, { from: 'user' }).opts<BenchOptions>();

describe('the arguments of a run of a series', () => {
  it('are those of the call, but for its seed and what is of the series', () => {
    const call = parse('--quick --runs 5 --seed 1 --json a.json --load x.js --load y.js --only tx-designs'.split(' '));
    expect(runArguments(call, 42)).toEqual('--quick --only tx-designs --load x.js --load y.js --seed 42'.split(' '));
    expect(runArguments({}, 0)).toEqual(['--seed', '0']);
  });

  it('make the same settings, for every option', () => {
    const options: BenchOptions = {
      full: true,
      sweep: true,
      only: 'tx-designs,convert-in-place',
      designs: 'bounce',
      senders: '2',
      queues: '1',
      messages: '1500',
      window: '1M',
      growth: 'pools',
      flavour: 'faithful',
      freeDispatch: 'typed-folio',
      ackDelay: '50us',
      percent: '10',
      pool: '16M',
      convertNsPerPage: '60',
      copy: 'libc',
      device: 'read',
      cpus: '0',
      rounds: '3',
      runs: '4',
    };
    expect(Object.keys(options)).toEqual(
      expect.arrayContaining(Object.values(BENCH_OPTIONS).flatMap(({ option }) => (option === 'seed' ? [] : [option]))),
    );
    const settings = (given: BenchOptions) => benchSettings(given, [0, 1], 7);
    expect(settings(parse(runArguments(options, 9)))).toEqual({ ...settings(options), runs: null, seed: 9 });
  });
});
