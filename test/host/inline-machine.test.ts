import { afterEach, describe, expect, it } from '@jest/globals';
import { type MachineConfig, machineConfig } from '../../lib/host/config.js';
import { InlineMachine } from '../../lib/host/inline-machine.js';
import { CopyList } from '../../lib/memory/copy-list.js';
import { DESIGN_NAMES } from '../../lib/net/designs.js';

let machine: InlineMachine | undefined;

function machineOf(given: Partial<MachineConfig>): InlineMachine {
  const small = { pool: 4 << 20, window: 1 << 19, messagesPerSender: 40, check: true, userBytes: 1 << 18 };
  machine = new InlineMachine(machineConfig({ kernel: 0, ...small, ...given }));
  return machine;
}

afterEach(() => machine?.close());

describe('InlineMachine', () => {
  it.each(DESIGN_NAMES)('runs %s to the end, and everything is back where it was', (design) => {
    const { system } = machineOf({ design, cpus: 2, senders: 3, queues: 2 });
    const free = system.systemPages.freePages;
    machine!.run();
    const sent = [0, 1, 2].map((socket) => system.sockets.sentBytes(socket));
    expect(sent).toEqual([40, 40, 40].map((messages) => messages * 65536));
    expect([0, 1, 2].map((socket) => system.peers.receivedBytes(socket))).toEqual(sent);
    expect([system.swiotlb.used(), system.systemPages.freePages]).toEqual([0, free]);
    expect(system.isDrained()).toBe(true);
  });

  it('goes on with nothing lost where a pool is far too small for what is in flight', () => {
    const { system } = machineOf({ design: 'bounce', pool: 1 << 20, window: 8 << 20, senders: 4, interruptFrames: 64 });
    machine!.run();
    expect(system.peers.receivedBytes(3)).toBe(40 * 65536);
  });

  it('stops a ring that is full and wakes it', () => {
    const { system } = machineOf({ ring: 64, senders: 4, cpus: 2, device: 'line-rate', lineRate: 2e9 });
    machine!.run();
    expect(system.queues[0]!.counter('stops')).toBeGreaterThan(0);
  });

  it('says when data would never arrive, rather than to step for ever', () => {
    const { system } = machineOf({ device: 'line-rate', lineRate: 1 });
    const unserved = () => machine!.run();
    system.cpus.isDraining = () => false; // a line of one bit per second takes its time even at the end
    expect(unserved).toThrow(expect.objectContaining({ code: 'ERR_STALLED' }));
  });

  it('lets time pass when nobody has anything to do, or what is due with time would never be', () => {
    machineOf({ messagesPerSender: 0 });
    const list = CopyList.ofThisThread();
    const before = list.now;
    expect(machine!.step()).toBe(false);
    expect(list.now).toBeGreaterThan(before);
  });

  it('notices what is lost', () => {
    const { system } = machineOf({});
    machine!.run();
    const mapped = system.swiotlb.alloc({ minAlignMask: 0, segmentBoundaryMask: Infinity }, 4096, 100, 0, {
      id: 0,
    } as never);
    expect(mapped).toBeGreaterThan(0);
    expect(() => system.assertBalanced()).toThrow(expect.objectContaining({ code: 'ERR_UNBALANCED' }));
  });
});
