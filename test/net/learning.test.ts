/** Machines whose sockets learn which device bounces. */
import { describe, expect, it } from '@jest/globals';
import { FLAVOURS } from '../../lib/flavour.js';
import { type MachineOptions, machineConfig } from '../../lib/machine/build/config.js';
import { InlineMachine } from '../../lib/machine/run/inline-machine.js';
import { NO_SOCKET } from '../../lib/smp/cpu.js';
import type { Swiotlb } from '../../lib/swiotlb/swiotlb.js';

const MESSAGES = 30;
const MESSAGE = 32768;

const configOf = (given: MachineOptions) =>
  machineConfig(
    {
      design: 'bounce-pages',
      cpus: { copyKernel: 0 },
      sockets: {
        messageBytes: MESSAGE,
        messagesPerSender: MESSAGES,
        senders: 1,
        sendBufferBytes: 256 << 10,
        userBufferBytes: 256 << 10,
      },
      slotPool: { bytes: 8 << 20 },
      devices: { completion: 'read', interruptFrames: 1 },
      checking: { everyByte: true },
    },
    given,
  );

function run(given: MachineOptions, before: (machine: InlineMachine) => void = () => {}) {
  using machine = new InlineMachine(configOf(given));
  before(machine);
  machine.run(); // every byte is checked, and everything is back at its base afterwards
  const { copyLedger, sockets } = machine.system;
  const sent = Array.from({ length: machine.system.config.sockets.senders }, (_, socket) => sockets.sentBytes(socket));
  return { bounced: copyLedger.sum('bounce').bytes, sent: sent.reduce((sum, bytes) => sum + bytes) };
}

/** The calls of the allocator, with their arguments and results. */
function traced(swiotlb: Swiotlb): unknown[] {
  const trace: unknown[] = [];
  for (const name of ['alloc', 'allocBouncePages', 'free'] as const) {
    const original = (swiotlb[name] as (...args: unknown[]) => unknown).bind(swiotlb);
    Object.assign(swiotlb, {
      [name]: (...args: unknown[]) => {
        const result = original(...args);
        trace.push([name, ...args.filter((argument) => typeof argument === 'number'), result]);
        return result;
      },
    });
  }
  return trace;
}

describe.each(FLAVOURS)('a machine whose sockets learn, in %s,', (flavour) => {
  it('bounces until the first transmission has taught the socket and no longer', () => {
    const { bounced, sent } = run({ flavour });
    expect(bounced).toBeGreaterThan(0);
    expect(bounced).toBeLessThan(6 * MESSAGE);
    expect(sent).toBe(MESSAGES * MESSAGE);
    expect(run({ flavour, sockets: { learn: 'told' } }).bounced).toBe(0);
  });

  it('never takes a bounce page for a socket that transmits to no bouncing device', () => {
    using machine = new InlineMachine(
      configOf({ flavour, sockets: { senders: 2 }, devices: { count: 2, direct: 1, queues: 2 } }),
    );
    const { learned, table } = machine.system.devices;
    const trace = traced(machine.system.swiotlb);
    for (let turn = 0; turn < 200; turn++) {
      machine.step();
      expect({ cached: learned.cached(1), refs: table.refs(2) }).toEqual({ cached: 0, refs: 1 });
    }
    expect(learned.cached(0)).toBe(1);
    expect(trace.length).toBeGreaterThan(0);
    machine.run();
  });

  it('bounces the payload of sockets with the zero-copy flag', () => {
    const { bounced, sent } = run({ flavour, sockets: { senders: 2, zeroCopySenders: 1 } });
    expect(bounced).toBeGreaterThanOrEqual(MESSAGES * MESSAGE);
    expect(bounced).toBeLessThan(sent);
  });

  it('takes the same slots as conventional bouncing when the percentage is 0', () => {
    const traces = (['bounce', 'bounce-pages'] as const).map((design) => {
      let trace: unknown[] = [];
      run({ flavour, design, cpus: { count: 2 }, sockets: { senders: 3 }, slotPool: { pagePercent: 0 } }, (machine) => {
        trace = traced(machine.system.swiotlb);
      });
      return trace;
    });
    expect(traces[0]!.length).toBeGreaterThan(3 * MESSAGES);
    expect(traces[1]).toEqual(traces[0]);
  });

  it('stops and starts taking bounce pages when the percentage changes while it runs', () => {
    using machine = new InlineMachine(configOf({ flavour, sockets: { messagesPerSender: 400, learn: 'told' } }));
    const { percentLimit } = machine.system.devices;
    const bounced = () => machine.system.copyLedger.sum('bounce').bytes;
    const turns = (count: number) => {
      for (let turn = 0; turn < count; turn++) machine.step();
    };
    turns(50);
    expect(bounced()).toBe(0);
    percentLimit.percent = 0;
    turns(50);
    const once = bounced();
    expect(once).toBeGreaterThan(0);
    percentLimit.percent = 91;
    turns(50);
    const later = bounced();
    turns(50);
    expect(bounced()).toBe(later);
    machine.run();
  });

  it.each([1, 3])('learns through %i stacked devices, and leaves no socket set on a CPU', (stacked) => {
    const { bounced } = run({ flavour, devices: { stacked } }, (machine) => {
      const { step } = machine;
      machine.step = () => {
        const progress = step.call(machine);
        for (const runner of machine.runners)
          expect({ txSocket: runner.cpu.txSocket, txDevice: runner.cpu.txDevice }).toEqual({
            txSocket: NO_SOCKET,
            txDevice: 0,
          });
        return progress;
      };
    });
    expect(bounced).toBeGreaterThan(0);
    expect(bounced).toBeLessThan(6 * MESSAGE);
  });

  it('bounces again when any device is removed, until it has learned again', () => {
    using machine = new InlineMachine(
      configOf({ flavour, sockets: { messagesPerSender: 400, learn: 'told' }, devices: { count: 2, queues: 2 } }),
    );
    const bounced = () => machine.system.copyLedger.sum('bounce').bytes;
    for (let turn = 0; turn < 50; turn++) machine.step();
    expect(bounced()).toBe(0);
    machine.system.devices.table.remove(2);
    for (let turn = 0; turn < 50; turn++) machine.step();
    const once = bounced();
    expect(once).toBeGreaterThan(0);
    expect(once).toBeLessThan(6 * MESSAGE);
    machine.run();
    expect(bounced()).toBe(once);
    expect(machine.system.devices.table.isReleased(2)).toBe(true);
  });
});

describe('private payload', () => {
  it('is kept off bounce pages in hardened', () => {
    const { bounced, sent } = run({ sockets: { privateSenders: 1 } });
    expect(bounced).toBe(sent);
  });

  it('is written to a page that the host sees in faithful, which the check detects', () => {
    expect(() => run({ flavour: 'faithful', sockets: { privateSenders: 1 } })).toThrow(
      expect.objectContaining({ code: 'ERR_EXPOSED' }),
    );
  });
});
