/**
 * Invariants of packets in flight: what devices may read, and which CPU copies it (I7 to I10).
 * Source: docs/spec/tx-path.md#invariants. Threads: as for `invariants.ts`.
 */

import { addon } from '../../addon/addon.js';
import { NOT_SHARED } from '../../dma/shared-memory.js';
import { FIRST_WINDOW } from '../../memory/region-windows.js';
import { HEADER_BYTES } from '../../net/skb.js';
import { NO_PAGE } from '../../page/page-table.js';
import { SOFTIRQ } from '../../smp/copy-ledger.js';
import { type Cpu, NO_SOCKET } from '../../smp/cpu.js';
import { PAGE_SIZE } from '../../units.js';
import { expectInvariant } from './expect.js';
import { packetsInFlight, payloadOf } from './in-flight.js';
import type { Watched } from './watched.js';

/** I7: what a descriptor in flight points at is shared, allocated, and holds the bytes that the sender wrote. */
export function deviceSeesWhatWasSent({ system, ram }: Watched): void {
  const { pages, skbs, devices, config } = system;
  const pools = system.swiotlb.listed();
  const { swiotlb } = system;
  const shared = system.designState.sharedMemory();
  const isStatic = swiotlb.pools === null && swiotlb.perMapping === null; // otherwise some bounce memory is in no list
  for (const { queue, skb, parts } of packetsInFlight(system, 'done')) {
    let crc = 0;
    for (const { dma, bytes } of [...parts.slice(1), parts[0]!]) {
      const pool = pools.find((one) => one.contains(dma));
      const what = `address ${dma} on queue ${queue}`;
      if (pool !== undefined) expectInvariant('I7', `${what} is free`, pool.table.isFree(pool.slotOf(dma)), false);
      else if (isStatic) {
        const device = devices.ofQueues[queue]!;
        const isPrivate = device.forceBounce && shared.sharing(device, dma, bytes) === NOT_SHARED;
        expectInvariant('I7', `${what} is private`, isPrivate, false);
        const head = pages.headOf(Math.floor(dma / PAGE_SIZE));
        const isCounted = dma >= pages.firstCounted * PAGE_SIZE && dma < FIRST_WINDOW;
        if (isCounted) expectInvariant('I7', `${what} is free`, head === NO_PAGE, false);
      }
      if (!config.checking.everyByte) continue;
      if (dma >= FIRST_WINDOW) shared.windows?.locate(dma);
      const [region, offset] = dma < FIRST_WINDOW ? [ram, dma] : [shared.windows!.region, shared.windows!.offset];
      crc = addon().checksum(region, offset, bytes, crc); // the copy list may be in use
    }
    if (config.checking.everyByte) expectInvariant('I7', `CRC of skb ${skb} in flight`, crc, skbs.wireCrc(skb));
  }
}

/** I8: from the doorbell until it is unmapped, a part keeps the slots that it was mapped to. */
export function slotsStayMapped({ system }: Watched): void {
  const pools = system.swiotlb.listed();
  for (const { skb, parts } of packetsInFlight(system, 'cleaned')) {
    for (const { dma, phys } of parts) {
      const pool = dma === phys ? undefined : pools.find((one) => one.contains(dma));
      if (pool === undefined) continue;
      expectInvariant('I8', `origin of the slots of a part of skb ${skb}`, pool.table.origin(pool.slotOf(dma)), phys);
    }
  }
}

/** I9: senders make the user copies; all other copies are of headers, and of payload that the device cannot reach. */
export function copiesAreExplained({ system }: Watched): void {
  const { config, design, copyLedger, sockets, peers, queues, devices } = system;
  const bounces = (queue: number) => devices.ofQueues[queue]!.forceBounce;
  let sent = 0;
  let bounceable = 0;
  for (let socket = 0; socket < config.sockets.senders; socket++) {
    sent += sockets.sentBytes(socket);
    if (bounces(socket % queues.length)) bounceable += peers.carriedBytes(socket);
  }
  for (const packet of packetsInFlight(system, 'cleaned')) if (bounces(packet.queue)) bounceable += payloadOf(packet);
  const packets = queues.reduce((sum, queue) => sum + (bounces(queue.index) ? queue.counter('packets') : 0), 0);
  const { userCopies, bounceCopies, holdsSlots } = design.promises;
  const copied = copyLedger.sum('user').bytes;
  if (userCopies === 1) expectInvariant('I9', 'bytes that senders copied', copied, sent);
  expectInvariant('I9', 'bytes that senders copied without sending them', Math.max(0, copied - sent), 0);
  expectInvariant('I9', 'user bytes that softirqs copied', copyLedger.sum('user', { context: SOFTIRQ }).bytes, 0);
  expectInvariant('I9', 'bytes of headers', copyLedger.sum('header').bytes, packets * HEADER_BYTES);
  const bounced = copyLedger.sum('bounce').bytes;
  if (bounceCopies === 1) expectInvariant('I9', 'bytes that were bounced', bounced, bounceable);
  else if (!holdsSlots) expectInvariant('I9', 'bytes that were bounced', bounced, 0); // not for want of slots either
  expectInvariant('I9', 'bytes that were bounced without being sent', Math.max(0, bounced - bounceable), 0);
}

/** I10: outside start-transmit, a CPU transmits for no socket, and so teaches none. For the thread of that CPU. */
export function transmitsForNoSocket(cpu: Cpu): void {
  expectInvariant('I10', `socket that CPU ${cpu.id} transmits for`, cpu.txSocket, NO_SOCKET);
}
