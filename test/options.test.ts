/** Options that do not exist are refused wherever a program passes an object of options. */
import { afterAll, describe, expect, it } from '@jest/globals';
import {
  Arena,
  bootPool,
  CopyLedger,
  InlineMachine,
  machineConfig,
  networkDevice,
  Swiotlb,
  ThreadedMachine,
  timedCopy,
} from '../lib/index.js';

const machine = new ThreadedMachine([]);
afterAll(() => machine.close());
const config = machineConfig();
const slots = { start: 0, slots: 128, areas: 1 };
const swiotlb = (more: object) => Arena.for((arena) => new Swiotlb(arena, { ...slots, ...more }));
const odd = { odd: 1 } as object;
const dynamic = { defaultAreas: 1, devices: 1, cpus: 1, growth: null };

describe('an option that does not exist', () => {
  it.each<[string, () => unknown]>([
    ['machineConfig', () => machineConfig(odd)],
    ['a group of machineConfig', () => machineConfig({ sockets: { sender: 4 } as object })],
    ['new ThreadedMachine', () => Reflect.construct(ThreadedMachine, [[], odd])],
    ['ThreadedMachine.prepare', () => machine.prepare([{ ...config, ...odd }])],
    ['new InlineMachine', () => new InlineMachine({ ...config, ...odd })],
    ['CopyLedger.sum', () => new CopyLedger(new Float64Array(0), 0).sum('user', odd)],
    ['timedCopy', () => timedCopy(odd as Parameters<typeof timedCopy>[0], 1)],
    ['networkDevice', () => networkDevice(true, odd)],
    ['bootPool', () => bootPool({ cpus: 1, ...odd })],
    ['flags of bootPool', () => bootPool({ cpus: 1, flags: odd })],
    ['limits of bootPool', () => bootPool({ cpus: 1, limits: odd })],
    ['new Swiotlb', () => swiotlb(odd)],
    ['its dynamic growth', () => swiotlb({ dynamic: { ...dynamic, ...odd } })],
    ['the memory of that', () => swiotlb({ dynamic: { ...dynamic, growth: odd } })],
    ['its growth by mappings', () => swiotlb({ perMapping: odd })],
  ])('is refused by %s', (_, call) => {
    expect(call).toThrow(expect.objectContaining({ code: 'ERR_UNKNOWN_OPTION' }));
  });

  it('is refused by ThreadedMachine.run in its plan and configuration', async () => {
    const plan = { warmupMs: 0, measureMs: 1 };
    const refused = { code: 'ERR_UNKNOWN_OPTION' };
    await expect(machine.run(config, { ...plan, warmup: 1 } as typeof plan)).rejects.toMatchObject(refused);
    await expect(machine.run({ ...config, ...odd }, plan)).rejects.toMatchObject(refused);
  });

  it.each([[undefined], [2], ['0'], [{ 0: 1, length: 1 }]])('is not the only refusal: CPUs are no %j', (cpus) => {
    expect(() => Reflect.construct(ThreadedMachine, [cpus])).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
    );
  });

  it.each([[[-1]], [[0.5]], [['0']], [[undefined]]])('is not the only refusal: a CPU is none of %j', (cpus) => {
    expect(() => Reflect.construct(ThreadedMachine, [cpus])).toThrow(
      expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }),
    );
  });
});
