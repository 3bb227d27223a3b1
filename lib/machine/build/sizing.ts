/**
 * What follows from a machine's configuration: how many threads, areas and records it needs, and how fast its senders are.
 */

import type { PeerConfig } from '../../net/peer.js';
import { MAX_SKB_BYTES, SKB_OVERHEAD } from '../../net/skb.js';
import { nextPowerOfTwo, SEGMENT_BYTES } from '../../units.js';
import { SEGMENT_PAYLOAD } from './choices.js';
import type { MachineConfig } from './config.js';

/** Areas of the pool: as many as CPUs, but a power of two, and none below a segment. */
export function areasOf(config: MachineConfig): number {
  return Math.min(nextPowerOfTwo(config.cpus.count), config.slotPool.bytes / SEGMENT_BYTES);
}

/** Threads of a machine's CPUs: those of its logical CPUs, and the own one of a device that reads. */
export function cpuThreads({ cpus, devices }: MachineConfig): number {
  return devices.completion === 'read' ? cpus.count + 1 : cpus.count;
}

/** Does a thread besides those of the CPUs do work in the background? */
export function hasWorker({ slotPool }: MachineConfig): boolean {
  return slotPool.growth === 'pools';
}

/** Payload bytes of an skb: a paced stream's hold no more than leaves in about a millisecond, but two segments. */
export function skbBytesOf({ sockets: { traffic, sendBitsPerSecond, skbBytes } }: MachineConfig): number {
  if (traffic === 'datagram') return MAX_SKB_BYTES;
  if (traffic !== 'paced') return skbBytes;
  return Math.min(skbBytes, Math.max(2 * SEGMENT_PAYLOAD, Math.floor(sendBitsPerSecond / 8 / 1024)));
}

/** Time from one message of a sender to its next, where its rate says so. */
export function messageIntervalNs({ sockets }: MachineConfig): number {
  const { traffic, sendBitsPerSecond, messageBytes } = sockets;
  const isRated = traffic === 'app-limited' || traffic === 'datagram';
  return isRated && sendBitsPerSecond < Infinity ? (messageBytes * 8e9) / sendBitsPerSecond : 0;
}

/** skb records of a socket: twice what its send buffer can be charged for with messages of this size. */
export function skbsPerSocket(config: MachineConfig): number {
  const { messageBytes, sendBufferBytes } = config.sockets;
  const skbsPerMessage = Math.ceil(messageBytes / skbBytesOf(config));
  const messages = Math.ceil(sendBufferBytes / (messageBytes + skbsPerMessage * SKB_OVERHEAD)) + 1;
  return nextPowerOfTwo(2 * messages * skbsPerMessage);
}

/**
 * How far acknowledgements lag behind: as far as leaves every blocked sender an acknowledgement to come that makes
 * its socket writable, which is when a third of the send buffer is free. Where a congestion window or the network
 * behind the device limits what is in flight, they lag by time alone.
 */
export function ackLagOf({ sockets, network }: MachineConfig): number {
  if (sockets.congestionWindowBytes < Infinity || network.linkBitsPerSecond < Infinity) return 0;
  return Math.max(0, Math.floor((sockets.sendBufferBytes * 2) / 3) - MAX_SKB_BYTES - SKB_OVERHEAD);
}

/** What the network loses: nobody would notice that it loses datagrams, which nobody acknowledges either. */
export function lossSharesOf({ sockets, network }: MachineConfig): Pick<PeerConfig, 'lossRate' | 'ackLossRate'> {
  if (sockets.traffic === 'datagram') return { lossRate: 0, ackLossRate: 0 };
  return { lossRate: network.lossShare, ackLossRate: network.ackLossShare };
}
