import { describe, expect, it } from '@jest/globals';
import { configOf, headlineShape, idOf, paramsOf, shapes } from '../../../benchmarks/shared/tx-shapes.js';
import { type BenchSettings, defaultSettings } from '../../../lib/bench/plan/settings.js';

const settings: BenchSettings = {
  ...defaultSettings('quick', [0, 1, 2], 5),
  senders: [2],
  queues: [1],
  messages: [1500],
  windows: [65536],
  pools: [1 << 20],
};
const asked: BenchSettings = {
  ...settings,
  growths: ['pools'],
  flavours: ['faithful', 'hardened'],
  freeDispatches: ['design', 'typed-folio'],
};

describe('shapes', () => {
  it('become machines with the settings of the run, and usual values for all else', () => {
    const [shape, ...others] = shapes(settings);
    expect(others).toEqual([]);
    expect(configOf('bounce-pages', shape!, settings)).toMatchObject({
      design: 'bounce-pages',
      flavour: 'hardened',
      freeDispatch: null,
      cpus: { count: 3 },
      sockets: { senders: 2, messageBytes: 1500, sendBufferBytes: 65536 },
      slotPool: { bytes: 1 << 20, growth: 'none' },
      devices: { queues: 1 },
    });
  });

  it('become machines with the delay, the percentage and the completion mode that the run asked for', () => {
    const given = { ...settings, ackDelaysNs: [7], percents: [10], device: 'read' as const };
    expect(configOf('bounce', shapes(given)[0]!, given)).toMatchObject({
      network: { ackDelayNs: 7 },
      slotPool: { pagePercent: 10 },
      devices: { completion: 'read' },
    });
  });

  it('become machines of at most 64 CPUs, also where a host and its senders have more', () => {
    const given = { ...settings, cpus: [...Array(128).keys()], senders: [64] };
    expect(configOf('bounce', shapes(given)[0]!, given)).toMatchObject({
      cpus: { count: 64 },
      sockets: { senders: 64 },
    });
  });

  it('have every flavour with every free dispatch', () => {
    const ways = shapes(asked).map((shape) => configOf('bounce', shape, asked));
    expect(ways.map(({ flavour, freeDispatch, slotPool: { growth } }) => [growth, flavour, freeDispatch])).toEqual([
      ['pools', 'faithful', null],
      ['pools', 'faithful', 'typed-folio'],
      ['pools', 'hardened', null],
      ['pools', 'hardened', 'typed-folio'],
    ]);
  });

  it('have ids with what is not usual, and parameters with what the run asked for', () => {
    const [first, , third] = shapes(asked);
    const id = 'name/bounce/senders=2/queues=1/message=1500/window=65536';
    expect(idOf('name', 'bounce', shapes({ ...settings, pools: [64 << 20] })[0]!)).toBe(id);
    const usualPool = { ...asked, pools: [64 << 20] };
    expect(idOf('name', 'bounce', shapes(usualPool)[0]!)).toBe(`${id}/growth=pools/flavour=faithful`);
    expect(idOf('name', 'bounce', third!)).toBe(`${id}/growth=pools/pool=1048576`);
    const ways = { growth: 'pools', flavour: 'hardened', freeDispatch: 'design' };
    expect(paramsOf(third!, asked)).toEqual({ senders: 2, queues: 1, message: 1500, window: 65536, ...ways });
    expect(Object.keys(paramsOf(first!, settings))).toEqual(['senders', 'queues', 'message', 'window']);
  });
});

describe('headlineShape', () => {
  it('has the most senders, the fewest queues, and the usual value of all else', () => {
    const lists = { senders: [1, 3], queues: [1, 2], messages: [1500, 65536], windows: [1 << 18, 4 << 20] };
    expect(headlineShape({ ...settings, ...lists, pools: [16 << 20, 64 << 20] })).toMatchObject({
      senders: 3,
      queues: 1,
      message: 65536,
      window: 4 << 20,
      pool: 64 << 20,
      flavour: 'hardened',
    });
  });

  it('has the first value of a list without the usual one, and is none with more queues than senders', () => {
    expect(headlineShape({ ...settings, messages: [512, 1500] })).toMatchObject({ message: 512 });
    expect(headlineShape({ ...settings, senders: [1], queues: [2] })).toBeUndefined();
  });
});
