import { describe, expect, it } from '@jest/globals';
import { SCENARIOS } from '../../../benchmarks/index.js';
import { defaultSettings, sweepSettings } from '../../../lib/bench/plan/settings.js';
import { UNKNOWN_MEMORY } from '../../../lib/bench/plan/swept-pools.js';
import { type BenchOptions, benchSettings } from '../../../lib/cli/options/parse-bench-options.js';

const settings = (options: BenchOptions) => benchSettings(options, [0, 1], 7);

describe('benchSettings', () => {
  it.each([
    ['default', {}],
    ['quick', { quick: true }],
    ['full', { full: true }],
  ] as const)('starts from the %s settings', (effort, options) => {
    expect(settings(options)).toEqual(defaultSettings(effort, [0, 1], 7, SCENARIOS));
  });

  it('takes every option', () => {
    const made = settings({
      only: 'control-cost,tx-designs',
      designs: 'bounce,bounce-pages',
      senders: '1,2',
      queues: '2',
      messages: '1500,64K',
      window: '256K,4M',
      pool: '128M,16M',
      growth: 'pools,none',
      flavour: 'faithful,hardened',
      freeDispatch: 'typed-folio,design',
      ackDelay: '0,50us,1.5ms',
      percent: '0,90',
      cpus: '1',
      rounds: '12',
      seed: '99',
      copy: 'libc',
      device: 'read',
    });
    expect(made).toMatchObject({
      scenarios: ['tx-designs', 'control-cost'],
      designs: ['bounce', 'bounce-pages'],
      senders: [1, 2],
      queues: [2],
      messages: [1500, 65536],
      windows: [256 << 10, 4 << 20],
      pools: [128 << 20, 16 << 20],
      growths: ['pools', 'none'],
      flavours: ['faithful', 'hardened'],
      freeDispatches: ['typed-folio', 'design'],
      ackDelaysNs: [0, 50_000, 1_500_000],
      percents: [0, 90],
      cpus: [1],
      rounds: 12,
      seed: 99,
      kernel: 'libc',
      device: 'read',
    });
  });

  it('makes a sweep, over what other options say', () => {
    expect(settings({ sweep: true })).toEqual(sweepSettings([0, 1], 7, UNKNOWN_MEMORY, SCENARIOS));
    expect(settings({ sweep: true, full: true, messages: '1500' })).toEqual({
      ...sweepSettings([0, 1], 7, UNKNOWN_MEMORY, SCENARIOS),
      messages: [1500],
    });
    const small = { available: 2 ** 31, lockable: null };
    const swept = benchSettings({ sweep: true }, [0, 1], 7, small);
    expect(swept).toEqual(sweepSettings([0, 1], 7, small, SCENARIOS));
    expect(swept.poolsLeftOut).toHaveLength(1);
    expect(benchSettings({ sweep: true, pool: '1G' }, [0, 1], 7, small)).toMatchObject({
      pools: [1 << 30],
      poolsLeftOut: [],
    });
    const code = expect.objectContaining({ code: 'ERR_USAGE' });
    expect(() => settings({ sweep: true, quick: true })).toThrow(code);
    expect(() => settings({ sweep: true, only: 'copy-cost' })).toThrow(code);
    expect(settings({ only: 'control-cost', pool: '16M' }).pools).toEqual([16 << 20]);
    for (const ackDelay of ['50', '1h', '-1us', '2s']) expect(() => settings({ ackDelay })).toThrow(code);
    expect(() => settings({ percent: '91' })).toThrow(code);
  });

  it('runs every scenario that is named, also those that run only on request', () => {
    expect(settings({ only: 'slot-pool,copy-cost', quick: true }).scenarios).toEqual(['copy-cost', 'slot-pool']);
  });

  it('runs the scenario that an option belongs to, in its place among the others, unless --only says what runs', () => {
    const { scenarios, convertNsPerPage } = settings({ convertNsPerPage: '60,1500' });
    expect(convertNsPerPage).toEqual([60, 1500]);
    expect(scenarios).toEqual([...settings({}).scenarios, 'convert-in-place']);
    expect(settings({ convertNsPerPage: '60', full: true }).scenarios).toEqual(settings({ full: true }).scenarios);
    const only = settings({ convertNsPerPage: '60', only: 'convert-in-place' });
    expect(only.scenarios).toEqual(['convert-in-place']);
    expect(settings({ only: 'convert-in-place' }).convertNsPerPage).toEqual([]);
  });

  it('has no more senders or queues than CPUs that were given', () => {
    expect(settings({ cpus: '1' }).senders).toEqual([1]);
    expect(settings({ sweep: true, cpus: '1' })).toMatchObject({ senders: [1], queues: [1] });
  });

  it('knows whether designs were named, also if they are the usual ones', () => {
    const usual = settings({});
    const named = settings({ designs: usual.designs.join(',') });
    expect(named.designs).toEqual(usual.designs);
    expect([usual.designsNamed, named.designsNamed]).toEqual([undefined, true]);
  });

  it('takes the settings of a machine for the scenario that measures one shape of them', () => {
    const { designs, senders, pools } = settings({
      only: 'design-prices',
      designs: 'bounce',
      senders: '1',
      pool: '16M',
    });
    expect({ designs, senders, pools }).toEqual({ designs: ['bounce'], senders: [1], pools: [16 << 20] });
  });

  it.each([
    [{ quick: true, full: true }, '--quick and --full'],
    [
      { quick: true, ackDelay: '0,23ms' },
      '--ack-delay 23ms is too long for samples of this run, which last ten delays: the longest is 22ms',
    ],
    [{ ackDelay: '51ms' }, 'the longest is 50ms, and 480ms with --full'],
    [{ full: true, ackDelay: '1s' }, '--ack-delay 1s is too long'],
    [{ senders: '1', queues: '2' }, '--queues 2 needs at least 2 --senders, and 1 is the most here'],
    [{ cpus: '1', queues: '2,3' }, '--queues 2 needs at least 2 --senders'],
    [{ only: 'tx-design' }, "did you mean 'tx-designs'"],
    [{ designs: 'bounce-page' }, "did you mean 'bounce-pages'"],
    [{ designs: 'bounce,bounce' }, '--designs names bounce twice'],
    [{ only: 'copy-cost', designs: 'bounce' }, '--designs contradicts --only copy-cost'],
    [{ only: 'copy-cost', window: '4M' }, '--window contradicts --only copy-cost'],
    [{ only: 'control-cost', pool: '16M,64M' }, 'several --pool contradict --only control-cost'],
    [{ only: 'design-prices', pool: '16M,64M' }, "only 'tx-designs' measures more than one"],
    [{ only: 'design-prices', sweep: true }, "--sweep contradicts --only design-prices: it needs 'tx-designs'"],
    [{ only: 'copy-cost', senders: '1' }, "it needs 'tx-designs' or 'design-prices' among the scenarios"],
    [{ pool: '16M,16M' }, '--pool names 16M twice'],
    [{ only: 'copy-cost', growth: 'pools' }, '--growth contradicts --only copy-cost'],
    [{ only: 'copy-cost', flavour: 'faithful' }, '--flavour contradicts --only copy-cost'],
    [{ only: 'copy-cost', freeDispatch: 'typed-folio' }, '--free-dispatch contradicts --only copy-cost'],
    [{ only: 'copy-cost', convertNsPerPage: '60' }, "copy-cost: it needs 'convert-in-place' among the scenarios"],
    [{ only: 'tx-designs', convertNsPerPage: '60' }, '--convert-ns-per-page contradicts --only tx-designs'],
    [{ convertNsPerPage: '0' }, 'the nearest valid value is 1'],
    [{ convertNsPerPage: '2000000000' }, 'the nearest valid value is 1000000000'],
    [{ convertNsPerPage: '-5' }, "--convert-ns-per-page '-5' is not a whole number"],
    [{ convertNsPerPage: '1.5us' }, "--convert-ns-per-page '1.5us' is not a whole number"],
    [{ convertNsPerPage: '60,' }, 'has an empty entry'],
    [{ convertNsPerPage: '60,60' }, '--convert-ns-per-page names 60 twice'],
    [{ flavour: 'hardend' }, "did you mean 'hardened'"],
    [{ freeDispatch: 'typed-folios' }, "did you mean 'typed-folio'"],
    [{ growth: 'pool' }, "did you mean 'pools'"],
    [{ growth: 'none,none' }, '--growth names none twice'],
    [{ senders: '0' }, 'the nearest valid value is 1'],
    [{ queues: '32' }, 'the nearest valid value is 31'],
    [{ messages: '8M' }, 'the nearest valid value is 2M'],
    [{ window: '1K' }, 'the nearest valid value is 4K'],
    [{ window: '2G' }, 'the nearest valid value is 1G'],
    [{ pool: '60M' }, 'the nearest valid value is 64M'],
    [{ cpus: '2' }, 'the nearest valid one is 1'],
    [{ rounds: '0' }, 'the nearest valid value is 1'],
    [{ seed: '4294967296' }, 'the nearest valid value is 4294967295'],
    [{ copy: 'avx' }, "did you mean 'avx2'"],
    [{ device: 'reads' }, "did you mean 'read'"],
  ])('refuses %j', (options, message) => {
    expect(() => settings(options)).toThrow(
      expect.objectContaining({ code: 'ERR_USAGE', message: expect.stringContaining(message) }),
    );
  });
});
