import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { SCENARIOS } from '../../../benchmarks/index.js';
import { BENCH_OPTIONS } from '../../../lib/bench/plan/bench-option-table.js';
import { addBenchOptions, helpOf } from '../../../lib/cli/options/declare-bench-options.js';
import { DESIGNS } from '../../../lib/designs/designs.js';

describe('the help of `copytax bench`', () => {
  it('has an option for each row of the table, with the argument that it takes', () => {
    const flags = addBenchOptions(new Command('bench')).options.map((option) => option.flags);
    expect(flags.slice(0, 3)).toEqual(['--quick', '--full', '--sweep']);
    expect(flags).toEqual(expect.arrayContaining(['--ack-delay <list>', '--copy <kernel>', '--seed <number>']));
    expect(flags).toHaveLength(Object.keys(BENCH_OPTIONS).length + 8);
    expect(flags.slice(-5)).toEqual(['--load <module>', '--json <file>', '--html <file>', '--bars <when>', '--as-run']);
  });

  it('gives commander the names under which the table looks for the texts', () => {
    const names = addBenchOptions(new Command('bench')).options.map((option) => option.attributeName());
    for (const { option } of Object.values(BENCH_OPTIONS)) expect(names).toContain(option);
  });

  it('says what each word means', () => {
    const help = helpOf(BENCH_OPTIONS.designs);
    for (const [name, { idea }] of Object.entries(DESIGNS)) expect(help).toContain(`${name} (${idea})`);
    expect(helpOf(BENCH_OPTIONS.kernel)).toContain('kernel-like (as Linux copies on this CPU), libc, movsb');
  });

  it('tells scenarios that run by default from those that have to be named', () => {
    const [usual, onRequest] = helpOf(BENCH_OPTIONS.scenarios).split('; by name or with --full: ');
    for (const { name, onRequest: when } of SCENARIOS) {
      expect(when === true ? onRequest : usual).toContain(name);
      expect(usual?.includes(`${name} (not with --quick)`)).toBe(when === 'in quick runs');
    }
  });

  it('says which numbers an option takes, and its default, as users write them', () => {
    expect(helpOf(BENCH_OPTIONS.pools)).toBe(`${BENCH_OPTIONS.pools.help} (1M to 2G; default: 64M)`);
    expect(helpOf(BENCH_OPTIONS.messages)).toContain('; default: 16K,64K)');
    expect(helpOf(BENCH_OPTIONS.ackDelaysNs)).toContain('(0 to 1s; default: 0)');
    expect(helpOf(BENCH_OPTIONS.percents)).toContain('(0 to 90; default: 90)');
    expect(helpOf(BENCH_OPTIONS.growths)).toMatch(/; default: none$/);
  });

  it('tells no default that is empty, depends on the host or is drawn', () => {
    for (const key of ['senders', 'cpus', 'seed', 'rounds', 'convertNsPerPage'] as const) {
      expect(helpOf(BENCH_OPTIONS[key])).not.toContain('default');
    }
    expect(helpOf(BENCH_OPTIONS.cpus)).toBe(BENCH_OPTIONS.cpus.help);
  });
});
