/** The check of the claim can fail, and does not rest on itself: the stream is put together again without its help. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type MachineConfig, machineConfig } from '../../lib/machine/build/config.js';
import { InlineMachine } from '../../lib/machine/run/inline-machine.js';
import { CopyList } from '../../lib/memory/copy-list.js';
import { kernelIndex } from '../../lib/memory/kernels.js';
import { Region } from '../../lib/memory/region.js';
import { DESIGN_NAMES, type DesignName } from '../../lib/net/designs.js';

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

const configOf = (design: DesignName, given: Partial<MachineConfig>) =>
  machineConfig({
    ...{ design, message: 200_000, messagesPerSender: 1, kernel: kernelIndex('libc'), device: 'read', check: true },
    ...{ window: 1 << 20, pool: 8 << 20, userBytes: 256 << 10 },
    ...given,
  });
const wrongBytes = expect.objectContaining({ code: 'ERR_DEVICE_READ', message: expect.stringMatching(/other bytes/) });

/** The machine's memory; this thread shares the machine's own attachment, so that it is not to be closed. */
const memory = () => new Uint8Array(Region.attach(ramId).buffer);

/** Steps until the device has a packet that it has not read yet; answers where the ring says its parts are. */
function untilInFlight(machine: InlineMachine): { header: number; payload: number } {
  const { ring } = machine.system.queues[0]!;
  while (ring.produced() === ring.done()) if (!machine.step()) throw new Error('nothing is in flight');
  return { header: ring.dma(ring.done()), payload: ring.dma(ring.done() + 1) };
}

describe.each(DESIGN_NAMES)('%s', (design) => {
  it.each(['header', 'payload'] as const)('a byte of the %s that changes before it is read is noticed', (part) => {
    using machine = new InlineMachine(configOf(design, {}));
    const at = untilInFlight(machine)[part];
    memory()[at + 17]! ^= 0x20;
    expect(() => machine.run()).toThrow(wrongBytes);
  });

  it('a copy that is not made is noticed', () => {
    using machine = new InlineMachine(configOf(design, {}));
    list.run = () => {};
    expect(() => machine.run()).toThrow(wrongBytes);
  });

  it('nothing is noticed by a device that does not check', () => {
    using machine = new InlineMachine(configOf(design, { check: false }));
    list.run = () => {};
    machine.run();
    expect(machine.system.ledger.sum('deviceRead').bytes).toBeGreaterThan(200_000);
  });

  it('what the device finds at the addresses it is given is the user’s buffer, in order', () => {
    const config = configOf(design, { userOffset: 63, check: false, ring: 64, messagesPerSender: 3, senders: 2 });
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
      const user = system.layout.users + socket * config.userBytes + config.userOffset;
      const span = config.userBytes - config.message - config.userOffset + 1;
      const next = (config.message % span) & ~63;
      const after = ((next + config.message) % span) & ~63;
      const messages = [0, next, after].map((at) => memory().subarray(user + at, user + at + config.message));
      expect(Buffer.concat(parts).equals(Buffer.concat(messages))).toBe(true);
    }
  });
});
