/**
 * What follows from a machine's configuration: how many threads, areas and records it needs, and how fast its senders are.
 */
import { MAX_SKB_BYTES, SKB_OVERHEAD } from '../../net/skb.js';
import { nextPowerOfTwo, SEGMENT_BYTES } from '../../units.js';
import { type MachineConfig, SEGMENT_PAYLOAD } from './config.js';

/** Areas of the pool: as many as CPUs, but a power of two, and none below a segment. */
export function areasOf(config: MachineConfig): number {
  return Math.min(nextPowerOfTwo(config.cpus), config.pool / SEGMENT_BYTES);
}

/** Threads of a machine's CPUs: those of its logical CPUs, and the own one of a device that reads. */
export function cpuThreads({ cpus, device }: MachineConfig): number {
  return device === 'read' ? cpus + 1 : cpus;
}

/** Does a thread besides those of the CPUs do work in the background? */
export function hasWorker({ growth }: MachineConfig): boolean {
  return growth === 'pools';
}

/** Payload bytes of an skb: a paced stream's hold no more than leaves in about a millisecond, but two segments. */
export function skbBytes({ traffic, sendRate, gso }: MachineConfig): number {
  if (traffic === 'datagram') return MAX_SKB_BYTES;
  if (traffic !== 'paced') return gso;
  return Math.min(gso, Math.max(2 * SEGMENT_PAYLOAD, Math.floor(sendRate / 8 / 1024)));
}

/** Time from one message of a sender to its next, where its rate says so. */
export function messageIntervalNs({ traffic, sendRate, message }: MachineConfig): number {
  const isRated = traffic === 'app-limited' || traffic === 'datagram';
  return isRated && sendRate < Infinity ? (message * 8e9) / sendRate : 0;
}

/** skb records of a socket: twice what its send buffer can be charged for with messages of this size. */
export function skbsPerSocket(config: MachineConfig): number {
  const skbsPerMessage = Math.ceil(config.message / skbBytes(config));
  const messages = Math.ceil(config.window / (config.message + skbsPerMessage * SKB_OVERHEAD)) + 1;
  return nextPowerOfTwo(2 * messages * skbsPerMessage);
}

/**
 * How far acknowledgements lag behind: as far as leaves every blocked sender an acknowledgement to come that makes
 * its socket writable, which is when a third of the send buffer is free. Where a congestion window or the network
 * behind the device limits what is in flight, they lag by time alone.
 */
export function ackLagOf(config: MachineConfig): number {
  if (config.congestionWindow < Infinity || config.linkRate < Infinity) return 0;
  return Math.max(0, Math.floor((config.window * 2) / 3) - MAX_SKB_BYTES - SKB_OVERHEAD);
}

/** What the network loses: nobody would notice that it loses datagrams, which nobody acknowledges either. */
export function lossRatesOf({
  traffic,
  lossRate,
  ackLossRate,
}: MachineConfig): Pick<MachineConfig, 'lossRate' | 'ackLossRate'> {
  return traffic === 'datagram' ? { lossRate: 0, ackLossRate: 0 } : { lossRate, ackLossRate };
}
