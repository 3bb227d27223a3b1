import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { type MachineOptions, machineConfig, mergeOptions } from '../../../lib/machine/build/config.js';
import { InlineMachine } from '../../../lib/machine/run/inline-machine.js';
import { MemoryLooks } from '../../../lib/machine/run/memory-looks.js';
import { ThreadedMachine } from '../../../lib/machine/run/threaded-machine.js';
import { SKB_OVERHEAD } from '../../../lib/net/skb.js';
import { FRAG_BYTES } from '../../../lib/page/page-source.js';
import { SLOT_SIZE } from '../../../lib/units.js';
import { longerUntil } from '../fixtures/longer-until.js';

const WINDOW = 1 << 20;
const MESSAGE = 65536;

function configOf(given: MachineOptions) {
  const lean: MachineOptions = {
    sockets: { learn: 'told', sendBufferBytes: WINDOW, messageBytes: MESSAGE, userBufferBytes: 1 << 17 },
    slotPool: { bytes: 4 << 20 },
  };
  return machineConfig({ cpus: { copyKernel: 0 } }, mergeOptions(lean, given));
}

describe('MemoryLooks', () => {
  let machine: InlineMachine | undefined;
  afterEach(() => machine?.close());

  /** A machine that sends until nothing moves any more, on a line that never ends a packet. */
  function stillMachine(given: MachineOptions): InlineMachine {
    const still: MachineOptions = {
      sockets: { messagesPerSender: 4 },
      devices: { completion: 'line-rate', lineBitsPerSecond: 1e5, interruptFrames: 1 },
    };
    machine = new InlineMachine(configOf(mergeOptions(still, given)));
    for (let turn = 0; turn < 50; turn++) machine.step();
    return machine;
  }

  it('finds no memory in a machine that has not begun, and NaN where it never looked', () => {
    machine = new InlineMachine(configOf({}));
    const looks = new MemoryLooks(machine.system);
    expect(looks.result().slots.meanBytes).toBeNaN();
    looks.look();
    const nothing = { meanBytes: 0, mostBytes: 0 };
    expect(looks.result()).toEqual({ looks: 1, slots: nothing, pages: nothing, payload: nothing });
  });

  it('finds payload in ordinary pages, and slots for what is mapped, where every packet bounces', () => {
    const { system } = stillMachine({ design: 'bounce' });
    const looks = new MemoryLooks(system);
    looks.look();
    const { slots, pages, payload } = looks.result();
    expect(payload.meanBytes).toBe(system.sockets.sentBytes(0));
    expect(pages.meanBytes).toBeGreaterThanOrEqual(payload.meanBytes);
    expect(slots.meanBytes).toBe(system.swiotlb.used() * SLOT_SIZE);
    expect(slots.meanBytes).toBeGreaterThan(0);
  });

  it('finds payload in slots where sockets take pages from the slot pool, and no ordinary page', () => {
    const { system } = stillMachine({ design: 'bounce-pages' });
    const looks = new MemoryLooks(system);
    looks.look();
    const { slots, pages, payload } = looks.result();
    expect(payload.meanBytes).toBe(4 * MESSAGE);
    expect(slots.meanBytes).toBeGreaterThanOrEqual(payload.meanBytes);
    expect(slots.meanBytes).toBeLessThanOrEqual(payload.meanBytes + 2 * FRAG_BYTES);
    expect(pages.meanBytes).toBe(0);
  });

  it('keeps the mean and the most of all looks', () => {
    const { system, runners } = stillMachine({ design: 'bounce' });
    const before = new MemoryLooks(system);
    before.look();
    const most = before.result().payload.meanBytes;
    before.look();
    expect(before.result()).toMatchObject({ looks: 2, payload: { meanBytes: most, mostBytes: most } });
    machine!.drain();
    expect(runners[0]!.finished).toBe(true);
    before.look();
    expect(before.result()).toMatchObject({ looks: 3, payload: { mostBytes: most } });
    expect(before.result().payload.meanBytes).toBeCloseTo((2 * most) / 3, 3);
  });
});

describe('a trial on threads', () => {
  const machine = new ThreadedMachine([]);
  afterAll(() => machine.close());

  it('is looked at while it is measured if its plan says so, and otherwise never', async () => {
    const config = configOf({ design: 'bounce-pages' });
    expect((await machine.run(config, { warmupMs: 0, measureMs: 5 })).held).toBeNull();
    const { held } = await longerUntil(
      (measureMs) => machine.run(config, { warmupMs: 1, measureMs, lookEveryMs: 1 }),
      ({ held }) => held!.looks > 2 && held!.slots.meanBytes > 0 && held!.payload.meanBytes > 0,
      20,
    );
    expect(held!.slots.mostBytes).toBeLessThanOrEqual(config.slotPool.bytes);
    expect(held!.slots.meanBytes).toBeLessThanOrEqual(held!.slots.mostBytes);
    expect(held!.payload.mostBytes).toBeLessThanOrEqual(WINDOW + MESSAGE + SKB_OVERHEAD);
    await expect(machine.run(config, { warmupMs: 0, measureMs: 5, lookEveryMs: 0 })).rejects.toMatchObject({
      code: 'ERR_OUT_OF_RANGE',
    });
  });

  it('rejects if nothing moves for long, and the next trial runs', async () => {
    const still = configOf({ devices: { completion: 'line-rate', lineBitsPerSecond: 1e5, interruptFrames: 1 } });
    await expect(machine.run(still, { warmupMs: 0, measureMs: 60_000, lookEveryMs: 5 })).rejects.toMatchObject({
      code: 'ERR_NEVER_ARRIVES',
      message: expect.stringContaining('made no progress for 2 s'),
    });
    const next = await longerUntil(
      (measureMs) => machine.run(configOf({}), { warmupMs: 1, measureMs, lookEveryMs: 1 }),
      ({ bytes }) => bytes > 0,
      20,
    );
    expect(next.bytes).toBeGreaterThan(0);
  });
});
