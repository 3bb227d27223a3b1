/**
 * What follows from the configuration of a machine: its numbers of threads, areas and records, and times between
 * messages.
 */

import { MAX_SKB_BYTES } from '../../model-limits.js';
import type { PeerConfig } from '../../net/peer.js';
import { SKB_OVERHEAD } from '../../net/skb.js';
import { nextPowerOfTwo, SEGMENT_BYTES } from '../../units.js';
import { SEGMENT_PAYLOAD } from './choices.js';
import type { MachineConfig } from './config.js';

/**
 * Returns the number of areas of the slot pool: a power of two, as many as CPUs or more unless the configuration has
 * another number, none smaller than a segment.
 */
export function areasOf({ cpus, slotPool }: Pick<MachineConfig, 'cpus' | 'slotPool'>): number {
  return Math.min(wantedAreasOf({ cpus, slotPool }), slotPool.bytes / SEGMENT_BYTES);
}

/** Returns the number of areas that the slot pool would have if it were large enough. */
export function wantedAreasOf({ cpus, slotPool }: Pick<MachineConfig, 'cpus' | 'slotPool'>): number {
  return slotPool.areas === 0 ? nextPowerOfTwo(cpus.count) : slotPool.areas;
}

/** Returns the number of CPU threads: one for each logical CPU, and one for a device that reads. */
export function cpuThreads({ cpus, devices }: MachineConfig): number {
  return devices.completion === 'read' ? cpus.count + 1 : cpus.count;
}

/** True if the machine has a thread for work in the background. */
export function hasWorker({ slotPool }: MachineConfig): boolean {
  return slotPool.growth === 'pools';
}

/**
 * Returns the payload bytes of an skb. Of a paced stream: what leaves in about a millisecond, and at least two
 * segments.
 */
export function skbBytesOf({ sockets: { traffic, sendBitsPerSecond, skbBytes } }: MachineConfig): number {
  if (traffic === 'datagram') return MAX_SKB_BYTES;
  if (traffic !== 'paced') return skbBytes;
  return Math.min(skbBytes, Math.max(2 * SEGMENT_PAYLOAD, Math.floor(sendBitsPerSecond / 8 / 1024)));
}

/** Returns the time from one message of a sender to its next, or 0 where no rate limits them. */
export function messageIntervalNs({ sockets }: MachineConfig): number {
  const { traffic, sendBitsPerSecond, messageBytes } = sockets;
  const isRated = traffic === 'app-limited' || traffic === 'datagram';
  return isRated && sendBitsPerSecond < Infinity ? (messageBytes * 8e9) / sendBitsPerSecond : 0;
}

/** Returns the number of skb records of a socket: twice what its send buffer can be charged for. */
export function skbsPerSocket(config: MachineConfig): number {
  const { messageBytes, sendBufferBytes } = config.sockets;
  const skbsPerMessage = Math.ceil(messageBytes / skbBytesOf(config));
  const messages = Math.ceil(sendBufferBytes / (messageBytes + skbsPerMessage * SKB_OVERHEAD)) + 1;
  return nextPowerOfTwo(2 * messages * skbsPerMessage);
}

/**
 * Returns by how many bytes acknowledgements lag behind the data. A blocked sender is woken when a third of its send
 * buffer is free, so the lag leaves every blocked sender an acknowledgement to come. Where a congestion window or the
 * network behind the device limits the data in flight, acknowledgements lag by time alone.
 */
export function ackLagOf({ sockets, network }: MachineConfig): number {
  if (sockets.congestionWindowBytes < Infinity || network.linkBitsPerSecond < Infinity) return 0;
  return Math.max(0, Math.floor((sockets.sendBufferBytes * 2) / 3) - MAX_SKB_BYTES - SKB_OVERHEAD);
}

/**
 * Returns the shares that the network loses. Datagrams are never lost: they are not acknowledged, so no loss would
 * show.
 */
export function lossSharesOf({ sockets, network }: MachineConfig): Pick<PeerConfig, 'lossShare' | 'ackLossShare'> {
  if (sockets.traffic === 'datagram') return { lossShare: 0, ackLossShare: 0 };
  return { lossShare: network.lossShare, ackLossShare: network.ackLossShare };
}
