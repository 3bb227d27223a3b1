import { describe, expect, it } from '@jest/globals';
import { FLAVOURS } from '../../lib/flavour.js';
import type { Registered } from '../../lib/index.js';
import { type MachineOptions, machineConfig } from '../../lib/machine/build/config.js';
import { ThreadedMachine } from '../../lib/machine/run/threaded-machine.js';
import { copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { Region } from '../../lib/memory/region.js';
import { FIRST_WINDOW } from '../../lib/memory/region-windows.js';
import { besideIt } from './fixtures/beside-machine.js';
import { finished } from './fixtures/finished.js';

describe('the design registered', () => {
  it.each(FLAVOURS)('copies nothing but headers in %s', (flavour) => {
    using machine = finished('registered', { flavour });
    const { system, sent } = machine;
    expect({
      user: system.copyLedger.sum('user').bytes,
      bounce: system.copyLedger.sum('bounce').bytes,
      pages: system.freeing.counters.allocated,
    }).toEqual({ user: 0, bounce: 0, pages: 0 });
    expect(system.copyLedger.sum('header').bytes).toBeGreaterThan(0);
    expect(sent).toBe(2 * 64 * 65536);
  });

  it.each<[string, MachineOptions]>([
    ['a stream', {}],
    ['datagrams', { sockets: { traffic: 'datagram', messageBytes: 60_000 } }],
    ['a stream through a device that does not snoop', { devices: { coherent: false } }],
    ['a stream with a reference for each fragment', { flavour: 'faithful' }],
  ])('sends %s from a region beside the machine, which cannot be closed meanwhile', (_, changes) => {
    const { machine, region, state, binding, send } = besideIt(changes);
    try {
      let sent = 0;
      for (const from of [0, 4000, 123_457, 900_000]) sent += send(from, 60_000);
      const inFlight = state.bindings.inFlight(binding);
      const details = expect.objectContaining({ references: inFlight });
      const refused = expect.objectContaining({ code: 'ERR_IN_FLIGHT', details });
      expect(inFlight).toBeGreaterThan(0);
      expect(() => region.close()).toThrow(refused);
      expect(() => state.bindings.unregister(binding)).toThrow(refused);
      machine.assertInvariants();
      machine.drain(); // the device compares what it reads with what was sent
      expect(machine.system.peers.receivedBytes(0)).toBe(sent);
      expect([sent, machine.system.copyLedger.sum('bounce').bytes]).toEqual([240_000, 0]);
      expect(() => region.close()).toThrow(expect.objectContaining({ code: 'ERR_IN_FLIGHT' }));
      state.bindings.unregister(binding);
      region.close();
      expect(region.buffer.byteLength).toBe(0);
    } finally {
      machine.close();
    }
  });

  it.each([
    ['hardened', 'an skb', 1],
    ['faithful', 'each fragment of it', 3],
  ] as const)('in %s, has one reference to the registration for %s', (flavour, _, references) => {
    const { machine, region, state, binding, send } = besideIt({ flavour });
    try {
      send(0, 2 * 4096 + 1);
      expect(state.bindings.inFlight(binding)).toBe(references);
      machine.drain();
      state.bindings.unregister(binding);
    } finally {
      machine.close();
      region.close();
    }
  });

  it('finds bytes of the region that changed while they were in flight', () => {
    const { machine, region, send } = besideIt({});
    try {
      send(0, 60_000);
      new Uint8Array(region.buffer)[59_999]! ^= 1;
      expect(() => machine.drain()).toThrow(expect.objectContaining({ code: 'ERR_DEVICE_READ' }));
    } finally {
      machine.close();
    }
  });

  it.each(FLAVOURS)('sends from a region that its configuration names, through every device, in %s', (flavour) => {
    using region = Region.create({ bytes: 4 << 20, lock: 'no' });
    const changes: MachineOptions = {
      flavour,
      sockets: { readsPerMessage: 1 },
      devices: { queues: 2, count: 2 },
      registration: { regionId: region.id },
    };
    using machine = finished('registered', changes);
    const state = machine.system.designState as Registered;
    expect([state.users, machine.system.copyLedger.sum('bounce').bytes]).toEqual([FIRST_WINDOW, 0]);
    expect(machine.sent).toBe(2 * 64 * 65536);
  });

  it('sends from such a region with a thread for each CPU', async () => {
    using region = Region.create({ bytes: 4 << 20, lock: 'no' });
    const config = machineConfig({
      design: 'registered',
      cpus: { count: 2, copyKernel: copyKernelIndex('libc') },
      sockets: { senders: 2 },
      devices: { completion: 'read' },
      checking: { everyByte: true },
      registration: { regionId: region.id },
    });
    const machine = new ThreadedMachine([]);
    try {
      let sent = 0;
      // A busy host may let neither thread run within one trial.
      for (let trial = 0; trial < 20 && sent === 0; trial++) {
        sent = (await machine.run(config, { warmupMs: 0, measureMs: 200 })).bytes;
      }
      expect(sent).toBeGreaterThan(0);
    } finally {
      await machine.close();
    }
  });

  it('refuses a region that is too small or closed, and other designs refuse any', () => {
    const region = Region.create({ bytes: 1 << 20, lock: 'no' });
    const named = { registration: { regionId: region.id } };
    const small = expect.objectContaining({ code: 'ERR_OUT_OF_RANGE', message: expect.stringContaining('bytes') });
    expect(() => finished('registered', named)).toThrow(small);
    region.close();
    expect(() => finished('registered', named)).toThrow(expect.objectContaining({ code: 'ERR_REGION_CLOSED' }));
    expect(() => finished('bounce', named)).toThrow(/registration.regionId is an option of registered/);
  });
});
