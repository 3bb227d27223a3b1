/** Regions beside a machine's memory, registered by a program: what is refused, and when they are let go. */
import { describe, expect, it } from '@jest/globals';
import {
  type BindingTable,
  copyKernelIndex,
  type MachineOptions,
  machineConfig,
  Region,
  Registered,
  ThreadedMachine,
} from '../../lib/index.js';
import { besideIt } from './fixtures/beside-machine.js';
import { finished } from './fixtures/finished.js';

describe('a machine with a registered region', () => {
  const open = (bytes = 4 << 20) => Region.create({ bytes, lock: 'no' });
  const isClosed = ({ buffer }: Region) => buffer.byteLength === 0;

  it('ends its registrations when it is closed without having drained, so that the region can be closed', () => {
    const region = open();
    const changes: MachineOptions = { registration: { regionId: region.id }, devices: { queues: 2, count: 2 } };
    const { machine, region: other, state, send } = besideIt({ ...changes, sockets: { messagesPerSender: 40 } });
    send(0, 60_000);
    for (let turn = 0; turn < 40; turn++) machine.step();
    expect(state.ownerReferences().some(({ refs }) => refs > 0)).toBe(true);
    expect(() => region.close()).toThrow(expect.objectContaining({ code: 'ERR_IN_FLIGHT' }));
    for (let times = 0; times < 2; times++) machine.close();
    for (const one of [region, other]) one.close();
    expect([region, other].map(isClosed)).toEqual([true, true]);
    expect(() => state.register(1, open())).toThrow(expect.objectContaining({ code: 'ERR_REGION_CLOSED' }));
  });

  it('ends what was registered with it and never unregistered, when it is closed', () => {
    const { machine, region } = besideIt({});
    machine.run();
    machine.close();
    region.close();
    expect(isClosed(region)).toBe(true);
  });

  it('lets go of a region that was refused when it was built', () => {
    const region = open();
    const named: MachineOptions = { devices: { queues: 2, count: 2 }, registration: { regionId: region.id } };
    const userMemory = { pageBytes: 4096 };
    const sockets = { userBufferBytes: 8 << 20 };
    expect(() => finished('registered', named, { userMemory, sockets })).toThrow(/region \d+ has/);
    region.close();
    expect(isClosed(region)).toBe(true);
  });

  it.each([
    ['closed during a trial', 'close'],
    ['aborted', 'abort'],
  ] as const)('with threads lets go of the region when it is %s', async (_, end) => {
    const region = open();
    const config = machineConfig({
      design: 'registered',
      cpus: { count: 1, copyKernel: copyKernelIndex('libc') },
      registration: { regionId: region.id },
    });
    const machine = new ThreadedMachine([]);
    const abort = new AbortController();
    const trial = machine.run(config, { warmupMs: 0, measureMs: 60_000 }, abort.signal);
    const outcome = trial.then(
      () => 'a result',
      () => 'a failure',
    );
    expect(() => region.close()).toThrow(expect.objectContaining({ code: 'ERR_IN_FLIGHT' }));
    if (end === 'abort') abort.abort();
    else await machine.close();
    if (end === 'close') region.close();
    expect(await outcome).toBe(end === 'abort' ? 'a result' : 'a failure');
    region.close();
    expect(isClosed(region)).toBe(true);
    await machine.close();
  });
});

describe('Registered.register', () => {
  it.each<[string, unknown, unknown, string, RegExp]>([
    ['device 0', 0, undefined, 'ERR_OUT_OF_RANGE', /device .* from 1 to 1, not 0/],
    ['a device that the machine does not have', 99, undefined, 'ERR_OUT_OF_RANGE', /from 1 to 1, not 99/],
    ['half a device', 1.5, undefined, 'ERR_OUT_OF_RANGE', /not 1.5/],
    ['a text as device', '1', undefined, 'ERR_INVALID_ARG_TYPE', /device must be .* not '1'/],
    ['no region', 1, null, 'ERR_INVALID_ARG_TYPE', /region must be a Region.* not null/],
    ['what only looks like a region', 1, { id: 1, bytes: 4096 }, 'ERR_INVALID_ARG_TYPE', /not an object/],
  ])('refuses %s, and holds nothing', (_, device, other, code, message) => {
    const { machine, region, state, binding } = besideIt({});
    const given = (other === undefined ? region : other) as Region;
    const refused = expect.objectContaining({ code, message: expect.stringMatching(message) });
    expect(() => state.register(device as number, given)).toThrow(refused);
    state.unregister(binding);
    region.close();
    machine.close();
    expect(region.buffer.byteLength).toBe(0);
  });

  it('refuses a region that is closed', () => {
    const { machine, region, state, binding } = besideIt({});
    state.unregister(binding);
    region.close();
    expect(() => state.register(1, region)).toThrow(expect.objectContaining({ code: 'ERR_REGION_CLOSED' }));
    machine.close();
  });

  it('is undone by unregister, which refuses what is no binding', () => {
    const { machine, region, state, binding } = besideIt({});
    const code = (wrong: unknown) => {
      try {
        state.unregister(wrong as number);
        return 'no error';
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect([-1, 1.5, 99, 'x', undefined].map(code)).toEqual([
      'ERR_OUT_OF_RANGE',
      'ERR_OUT_OF_RANGE',
      'ERR_OUT_OF_RANGE',
      'ERR_INVALID_ARG_TYPE',
      'ERR_INVALID_ARG_TYPE',
    ]);
    expect([code(binding), code(binding)]).toEqual(['no error', 'ERR_DOUBLE_FREE']);
    region.close();
    machine.close();
  });

  it('is reached from what the package exports, with types', () => {
    const { machine, region } = besideIt({});
    const { designState } = machine.system;
    if (!(designState instanceof Registered)) throw new Error('another design');
    const { bindings }: { readonly bindings: BindingTable } = designState;
    const more = Region.create({ bytes: 4096, lock: 'no' });
    expect([bindings.device(designState.register(1, more)), bindings.inFlight(0)]).toEqual([1, 0]);
    machine.close();
    for (const one of [region, more]) one.close();
  });
});
