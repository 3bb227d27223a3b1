/** What has to be equal: when a machine has come to rest, and while it is at work. */
import { CopytaxError } from '../../errors.js';
import { PAGE_SIZE, SLOT_SIZE } from '../../units.js';
import type { System } from '../build/system.js';

/** ERR_UNBALANCED, naming what is not as it should be. */
export function expectBalance(what: string, actual: number, expected: number): void {
  if (actual === expected) return;
  throw new CopytaxError('ERR_UNBALANCED', `${what}: ${actual} instead of ${expected}`, { actual, expected });
}

/** ERR_INVARIANT, with the number of the invariant in `details.invariant`. */
export function expectInvariant(
  invariant: string,
  what: string,
  actual: number | boolean,
  expected: number | boolean,
): void {
  if (actual === expected) return;
  const message = `invariant ${invariant} is broken: ${what}: ${actual} instead of ${expected}`;
  throw new CopytaxError('ERR_INVARIANT', message, { invariant, actual, expected });
}

/** Once drained and stopped, sockets are closed: then nothing may be lost or left over. ERR_UNBALANCED names what is. */
export function assertBalanced(system: System): void {
  const { config, sockets, peers, queues, freeing, devices, systemPages, layout } = system;
  for (let socket = 0; socket < config.sockets.senders; socket++) {
    expectBalance(`bytes received of socket ${socket}`, peers.receivedBytes(socket), sockets.sentBytes(socket));
    expectBalance(`bytes of socket ${socket} in queues`, sockets.inQueues(socket), 0);
  }
  for (const queue of queues) {
    expectBalance(`skbs left in queue ${queue.index}`, queue.backlog, 0);
    expectBalance(`descriptors left in ring ${queue.index}`, queue.ring.size - queue.ring.roomNow(), 0);
  }
  assertBounceMemory(system);
  freeing.assertBalanced();
  devices.closeSockets();
  devices.assertBalanced();
  expectBalance('free system pages', systemPages.freePages, layout.systemBytes / PAGE_SIZE);
}

/** Pools that were added stay; everything else that bounce memory has grown by goes back. */
function assertBounceMemory({ swiotlb, growthBlocks }: System): void {
  expectBalance('slots in use', swiotlb.used(), 0);
  expectBalance('slots of transient pools', swiotlb.statistics().io_tlb_transient_nslabs, 0);
  expectBalance('buffers of mappings', swiotlb.perMapping?.statistics().buffers ?? 0, 0);
  if (growthBlocks === null) return;
  const added = ((swiotlb.slots - swiotlb.pool.slots) * SLOT_SIZE) / PAGE_SIZE;
  expectBalance('free pages for growth', growthBlocks.freePages, growthBlocks.pages - added);
}
