/** Checks that nothing was lost or left over once a machine has drained. */
import { FREE_COUNTERS } from '../../page/free-counters.js';
import { Cpu } from '../../smp/cpu.js';
import { PAGE_SIZE, SLOT_SIZE } from '../../units.js';
import type { NetworkDevices } from '../build/network-devices.js';
import type { PageFreeing } from '../build/page-freeing.js';
import type { System } from '../build/system.js';
import { expectBalance } from './expect.js';

/**
 * Closes the sockets of a machine that has drained and stopped, and checks that nothing was lost or left over.
 * @throws ERR_UNBALANCED, which names what was
 */
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
  system.designState.close(new Cpu(0, system.cpus, system.copyLedger));
  assertBounceMemory(system);
  assertFreesBalanced(freeing);
  devices.closeSockets();
  assertDevicesBalanced(devices);
  expectBalance('free system pages', systemPages.freePages, layout.systemBytes / PAGE_SIZE);
}

/**
 * Checks, with all pages freed, that no page has leaked and that every free of a bounce page had its device and slot
 * pool: docs/spec/tx-path.md#i12-counted-frees.
 * @throws ERR_UNBALANCED
 */
export function assertFreesBalanced({ counters, leaked }: PageFreeing): void {
  expectBalance('pages leaked', leaked.count, 0);
  expectBalance('blocks of bounce pages freed', counters.freed, counters.allocated);
  const frees = Array.from({ length: FREE_COUNTERS }, (_, index) => counters.of(index));
  const all = frees.reduce((a, b) => a + b);
  expectBalance('frees of bounce pages without a device or a slot pool', all, counters.freed);
}

/**
 * Checks, with all sockets closed and all pages freed, that only a device itself holds a reference to it.
 * @throws ERR_UNBALANCED
 */
export function assertDevicesBalanced({ all, table, percentLimit }: NetworkDevices): void {
  for (const { name, number } of all) {
    const ofItself = table.isRemoved(number) ? 0 : 1;
    const references = table.refs(number) - table.leaked(number) - table.stocked(number);
    expectBalance(`references of ${name}`, references, ofItself);
  }
  expectBalance('slots reserved for pages', percentLimit.taken, 0);
}

/** Slot pools that were added stay; everything else that bounce memory has grown by is given back. */
function assertBounceMemory({ swiotlb, growthBlocks }: System): void {
  expectBalance('slots in use', swiotlb.used(), 0);
  expectBalance('slots of transient pools', swiotlb.statistics().io_tlb_transient_nslabs, 0);
  expectBalance('buffers of mappings', swiotlb.perMapping?.statistics().buffers ?? 0, 0);
  if (growthBlocks === null) return;
  const added = ((swiotlb.slots - swiotlb.pool.slots) * SLOT_SIZE) / PAGE_SIZE;
  expectBalance('free pages for growth', growthBlocks.freePages, growthBlocks.pages - added);
}
