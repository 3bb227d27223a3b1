import { afterEach, describe, expect, it } from '@jest/globals';
import { type MachineOptions, machineConfig } from '../../../lib/machine/build/config.js';
import { Sender } from '../../../lib/machine/build/sender.js';
import { StreamPath } from '../../../lib/net/stream-path.js';
import type { PathParts } from '../../../lib/net/transmit-path.js';
import type { Cpu } from '../../../lib/smp/cpu.js';
import type { Meter } from '../../../lib/smp/meter.js';
import { type NetRig, netRig } from '../../net/fixtures/net-rig.js';

const USERS = 0x100000;

/** Takes as many bytes as the test says, all by default, and records where they were. */
class ScriptedStream extends StreamPath {
  readonly asked: [from: number, bytes: number][] = [];
  readonly takes: number[] = [];

  constructor() {
    super({} as Cpu, {} as PathParts, {} as Meter);
  }

  override send(_socket: number, _frag: unknown, user: number, bytes: number): number {
    this.asked.push([user, bytes]);
    return this.takes.shift() ?? bytes;
  }
}

let rig: NetRig;
afterEach(() => rig.ram.close());

function senderOf(socket: number, given: MachineOptions): { sender: Sender; stream: ScriptedStream } {
  rig = netRig({ sockets: 2 });
  const stream = new ScriptedStream();
  const config = machineConfig({ cpus: { copyKernel: 0 } }, given);
  return {
    sender: new Sender(rig.cpu, stream, rig.frag, {
      socket,
      ramRegion: rig.ram.id,
      windows: undefined,
      users: USERS,
      config,
    }),
    stream,
  };
}

describe('Sender', () => {
  it('reads a message as often as configured before it writes it, and not again when it has to wait', () => {
    const { sender, stream } = senderOf(0, {
      sockets: { messageBytes: 4096, messagesPerSender: 3, readsPerMessage: 5 },
    });
    const { cpu } = rig;
    const { checksum } = cpu.list;
    let reads = 0;
    cpu.list.checksum = (seed) => {
      reads++;
      return checksum.call(cpu.list, seed);
    };
    stream.isWritable = () => true;
    stream.takes.push(0, 4000, 96);
    const spent = [];
    for (let step = 0; step < 3; step++) {
      sender.step();
      spent.push(reads);
    }
    cpu.list.checksum = checksum;
    expect(spent).toEqual([5, 5, 5]);
    sender.step();
    expect(cpu.table.timeOf(cpu.id, 'application')).toBeGreaterThan(0);
    expect(cpu.copyLedger.sum('user').bytes).toBe(0);
  });

  it('walks through its own buffer by cache lines, and never past its end', () => {
    const sockets = { messageBytes: 100, userBufferBytes: 1000, userOffsetBytes: 3, messagesPerSender: 50 };
    const { sender, stream } = senderOf(1, { sockets });
    while (!sender.finished) expect(sender.step()).toBe(true);
    expect(stream.asked.length).toBe(50);
    const starts = stream.asked.map(([from]) => from - USERS - 1000);
    expect(starts.slice(0, 4)).toEqual([3, 67, 131, 195]);
    expect(new Set(starts).size).toBeGreaterThan(5);
    for (const at of starts) {
      expect(at % 64).toBe(3);
      expect(at).toBeGreaterThanOrEqual(3);
      expect(at + 100).toBeLessThanOrEqual(1000);
    }
  });

  it('sends the same bytes again and again when its buffer holds one message only', () => {
    const { sender, stream } = senderOf(0, {
      sockets: { messageBytes: 100, userBufferBytes: 100, messagesPerSender: 3 },
    });
    while (!sender.finished) sender.step();
    expect(stream.asked).toEqual([1, 2, 3].map(() => [USERS, 100]));
  });

  it('goes on where its socket made it wait, once the socket is writable', () => {
    const { sender, stream } = senderOf(0, { sockets: { messageBytes: 1000, messagesPerSender: 2 } });
    let writable = false;
    stream.isWritable = () => writable;
    stream.takes.push(300, 0);
    expect(sender.step()).toBe(true);
    expect({ isReady: sender.isReady, stepped: sender.step() }).toEqual({ isReady: false, stepped: false });
    writable = true;
    expect(sender.isReady).toBe(true);
    expect(sender.step()).toBe(false); // there was no room after all
    expect(sender.step()).toBe(true);
    expect(stream.asked).toEqual([
      [USERS, 1000],
      [USERS + 300, 700],
      [USERS + 300, 700],
    ]);
    expect(sender.finished).toBe(false);
    sender.step();
    const { finished, isReady } = sender;
    expect({ finished, isReady, stepped: sender.step() }).toEqual({ finished: true, isReady: false, stepped: false });
  });

  it('writes messages when they are due, those of different tasks at different times', () => {
    const intervalNs = 1000;
    const config = machineConfig({
      cpus: { copyKernel: 0 },
      sockets: { messageBytes: 1000, senders: 2, traffic: 'app-limited', sendBitsPerSecond: (1000 * 8e9) / intervalNs },
    });
    let now = 5000;
    rig = netRig({ sockets: 2 });
    const { cpu } = rig;
    Object.defineProperty(cpu.list, 'now', { configurable: true, get: () => now });
    cpu.list.clock = () => now;
    const stream = new ScriptedStream();
    const [first, second] = [0, 1].map(
      (socket) =>
        new Sender(cpu, stream, rig.frag, { socket, ramRegion: rig.ram.id, windows: undefined, users: USERS, config }),
    );
    const steps = () => [first!.step(), second!.step()];
    expect([steps(), steps()]).toEqual([
      [true, false],
      [false, false],
    ]);
    now += 500;
    expect(steps()).toEqual([false, true]);
    now += 499;
    expect(steps()).toEqual([false, false]);
    now += 601; // late by less than an interval
    expect([steps(), steps()].map(([one]) => one)).toEqual([true, false]);
    now += 400;
    expect([steps(), steps()].map(([one]) => one)).toEqual([true, false]);
    now += 9000; // what was missed by far is not made up for
    expect([steps(), steps()].map(([one]) => one)).toEqual([true, false]);
    now += 999;
    expect(steps()[0]).toBe(false);
    now += 1;
    expect(steps()[0]).toBe(true);
    for (const patched of ['now', 'clock']) Reflect.deleteProperty(cpu.list, patched);
  });

  it('drops its page when it ends', () => {
    const { sender } = senderOf(0, {});
    const { frag, cpu, system } = rig;
    const free = system.freePages;
    frag.refill(cpu, 32, system, system);
    expect(sender.finished).toBe(false);
    sender.exit();
    const { finished, isReady } = sender;
    expect({ finished, isReady, freePages: system.freePages }).toEqual({
      finished: true,
      isReady: false,
      freePages: free,
    });
  });
});
