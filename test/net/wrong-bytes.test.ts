/**
 * The check of the claim can fail: planted defects are detected, and the stream is rebuilt without the check's help.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DESIGN_NAMES, type DesignName } from '../../lib/designs/designs.js';
import { type MachineOptions, machineConfig } from '../../lib/machine/build/config.js';
import { InlineMachine } from '../../lib/machine/run/inline-machine.js';
import { copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { CopyList } from '../../lib/memory/copy-list.js';
import { Region } from '../../lib/memory/region.js';

const list = CopyList.ofThisThread();
const push = list.push.bind(list);
let ramId = 0;

beforeEach(() => {
  list.push = (...entry) => {
    ramId = entry[0];
    return push(...entry);
  };
});

afterEach(() => {
  for (const spied of ['push', 'run']) Reflect.deleteProperty(list, spied);
});

const configOf = (design: DesignName, given: MachineOptions) =>
  machineConfig(
    {
      design,
      cpus: { copyKernel: copyKernelIndex('libc') },
      sockets: { messageBytes: 200_000, messagesPerSender: 1, sendBufferBytes: 1 << 20, userBufferBytes: 256 << 10 },
      slotPool: { bytes: 8 << 20 },
      devices: { completion: 'read' },
      checking: { everyByte: true },
    },
    given,
  );
const wrongBytes = expect.objectContaining({ code: 'ERR_DEVICE_READ', message: expect.stringMatching(/other bytes/) });

/** The memory of the machine; this thread shares the machine's attachment, so it must not be closed. */
const memory = () => new Uint8Array(Region.attach(ramId).buffer);

/** Steps until the device has a packet that it has not read yet. Returns where the ring says its parts are. */
function untilInFlight(machine: InlineMachine): { header: number; payload: number } {
  const { ring } = machine.system.queues[0]!;
  while (ring.produced() === ring.done()) if (!machine.step()) throw new Error('nothing is in flight');
  return { header: ring.dma(ring.done()), payload: ring.dma(ring.done() + 1) };
}

describe.each(DESIGN_NAMES)('a machine of design %s', (design) => {
  it.each(['header', 'payload'] as const)('detects a byte of the %s that changes before it is read', (part) => {
    using machine = new InlineMachine(configOf(design, {}));
    const at = untilInFlight(machine)[part];
    memory()[at + 17]! ^= 0x20;
    expect(() => machine.run()).toThrow(wrongBytes);
  });

  it('detects a copy that is not made', () => {
    using machine = new InlineMachine(configOf(design, {}));
    list.run = () => {};
    expect(() => machine.run()).toThrow(wrongBytes);
  });

  it('detects nothing if the device does not check', () => {
    using machine = new InlineMachine(configOf(design, { checking: { everyByte: false } }));
    list.run = () => {};
    machine.run();
    expect(machine.system.copyLedger.sum('deviceRead').bytes).toBeGreaterThan(200_000);
  });

  it('gives the device addresses at which the bytes of the user lie in order', () => {
    const config = configOf(design, {
      sockets: { userOffsetBytes: 63, messagesPerSender: 3, senders: 2 },
      devices: { ringDescriptors: 64 },
      checking: { everyByte: false },
    });
    using machine = new InlineMachine(config);
    const { system } = machine;
    const { ring } = system.queues[0]!;
    const received: Buffer[][] = [[], []];
    const complete = ring.complete.bind(ring);
    ring.complete = (end) => {
      const parts: Buffer[] = [];
      for (let at = ring.done() + 1; at !== end; at++) {
        parts.push(Buffer.from(memory().slice(ring.dma(at), ring.dma(at) + ring.bytes(at))));
      }
      received[system.skbs.socket(ring.skb(end - 1))]!.push(...parts);
      complete(end);
    };
    machine.run();
    for (const [socket, parts] of received.entries()) {
      const user = system.layout.users + socket * config.sockets.userBufferBytes + config.sockets.userOffsetBytes;
      const span = config.sockets.userBufferBytes - config.sockets.messageBytes - config.sockets.userOffsetBytes + 1;
      const next = (config.sockets.messageBytes % span) & ~63;
      const after = ((next + config.sockets.messageBytes) % span) & ~63;
      const messages = [0, next, after].map((at) =>
        memory().subarray(user + at, user + at + config.sockets.messageBytes),
      );
      expect(Buffer.concat(parts).equals(Buffer.concat(messages))).toBe(true);
    }
  });
});
