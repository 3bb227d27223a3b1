/**
 * The plain reads of docs/design/0004-stale-reads.md: functions that read a word which another CPU may be writing, and
 * why a value that is too old does no harm. Whatever else races is an error.
 */
import type { FoundRace } from './watched-machine.js';

export const PLAIN_READS: Readonly<Record<string, string>> = {
  'Areas.used': 'a sum of used slots is compared with a limit, or shown; a search reads it under the lock',
  'ByteQueueLimit.seemsStopped': 'the CPU that wakes the queue has it looked at again',
  'CompletionTable.take': 'the sender looks again',
  'CpuTable.isAborted': 'asked again at every step',
  'CpuTable.isDraining': 'asked again at every step',
  'CpuTable.isPending': 'asked again at every step',
  'CpuTable.take': 'asked again at every step; the mask itself is exchanged',
  'DescriptorRing.room': 'there may be more room than it says',
  'DescriptorRing.seemsDirty': 'the device interrupts again',
  'DescriptorRing.seemsStopped': 'the CPU that changes it has the queue looked at again',
  'DeviceTable.get plainSerial': 'compared with an earlier value, and then read again',
  'DynamicQueueLimit.completed': 'the last packet that was charged decides a slack only, as in Linux',
  'DynamicQueueLimit.queued': 'the allowance is read again once the queue is marked as stopped',
  'LearnedDevices.#post': 'a device that is there already may be posted again',
  'LearnedDevices.teach': 'the cache is only compared, and its entry is taken by exchange',
  'LearnedDevices.usable': 'the mailbox is emptied by exchange, and the time of a lesson may be an older one',
  'MappingIndex.pages': 'exact when no CPU is at work',
  'PageTable.isSoleHolder': 'followed by an atomic load where it seems so',
  'PercentLimit.#credits': 'reserved slots that were used meanwhile count twice, and the limit still holds',
  'PercentLimit.take': 'reserved slots that were used meanwhile count twice, and the limit still holds',
  'RegionWindows.locate': 'the window of an address that was handed over is open',
  'ReturnRing.isEmpty': 'a page that has just come is found the next time',
  'SlabObjects.lend': 'refuses an object without users, which no user lends',
  'SocketTable.chargedBytes': 'the sender looks again when it is woken',
  'SocketTable.end': 'the holder of the socket looks again',
  'SocketTable.inQueues': 'the softirq that follows leaves its work to the holder of the socket, who looks again',
  'SocketTable.isWritable': 'the sender looks again at its next step',
  'SocketTable.leavesAt': 'a time that has passed is found at the next step',
  'SocketTable.next': 'the holder of the socket looks again',
  'SocketTable.outstanding': 'asked again until it is 0',
  'StallWatch.queued': 'the threshold is set while the queue is at work, and counts from some packet on',
  'TxBufTable.isSoleHolder': 'followed by an atomic load where it seems so',
  'TxQueue.isEmpty': 'an skb that is enqueued meanwhile comes with a mark',
  'TxQueue.isIdle': 'the queue is only passed after it was looked at properly',
};

/** As `PLAIN_READS`, functions that write a word plainly which another CPU may be reading. */
export const PLAIN_WRITES: Readonly<Record<string, string>> = {
  'Areas.addUsed': 'under the lock of the area; a sum of all areas is read without',
  'Areas.advance': 'under the lock of the area; a sum of all areas is read without',
  'CompletionTable.#append': 'under a lock, under which the sender reads again',
  'DynamicQueueLimit.queued':
    'written before the doorbell, whose store hands it over with its packet; a completion that sees it early or late ' +
    'belongs to an earlier packet',
  'LearnedDevices.teach': 'the time of a lesson; the device itself is exchanged',
  'PercentLimit.take': 'the credit of this CPU, which others only add up',
  'SocketTable.advance': 'under the lock of the socket',
  'SocketTable.append': 'under the lock of the socket',
  'SocketTable.freed': 'under the lock of the socket',
  'SocketTable.setLeavesAt': 'under the lock of the socket',
  'SocketTable.uncharge': 'by the CPU that completes; the softirq that follows has the sum read under the lock',
};

/**
 * The races that nothing permits: of each plain access it has to be known why it does no harm. A lock that is released
 * and not held is never permitted.
 */
export function forbidden(races: readonly FoundRace[]): string[] {
  const isPermitted = (access: string) => {
    const [, kind, where = ''] = /^(read|write|load|store|update) in (.*)$/.exec(access) ?? [];
    if (kind === 'read') return where in PLAIN_READS;
    return kind === 'write' ? where in PLAIN_WRITES : kind !== undefined;
  };
  return races.map(({ text }) => text).filter((text) => !text.split(', ').every(isPermitted));
}
