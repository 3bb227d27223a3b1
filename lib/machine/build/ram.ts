/**
 * The memory of a machine: one region, whose offsets are physical addresses, and what lies where in it.
 * See docs/spec/tx-path.md#simulated-physical-memory.
 */

import { GROWTH_ALIGN } from '../../model-limits.js';
import { HEADER_ROOM } from '../../net/skb.js';
import { MAX_ORDER } from '../../page/buddy.js';
import { xorshift } from '../../random.js';
import { PAGE_SIZE, roundUp, SEGMENT_BYTES } from '../../units.js';
import type { MachineConfig } from './config.js';
import { skbsPerSocket } from './sizing.js';

/** The region that is the machine's memory, as a thread has attached it. */
export interface Ram {
  readonly id: number;
  readonly buffer: ArrayBuffer;
}

/** Physical addresses and sizes, bytes. */
export interface RamLayout {
  /** Linear parts of all skbs. Not at address 0, which the slot allocator takes for "no address". */
  readonly headers: number;
  /** Bytes of all linear parts. */
  readonly headerBytes: number;
  /** Buffers of the senders. */
  readonly users: number;
  /** Ordinary pages. */
  readonly system: number;
  /** Bytes of the ordinary pages. */
  readonly systemBytes: number;
  /** The slot pool that exists from the start. */
  readonly slotPool: number;
  /** What bounce memory may grow into. */
  readonly growth: number;
  /** Bytes that it may grow by; 0: it does not grow. */
  readonly growthBytes: number;
  /** Bytes of the whole memory. */
  readonly bytes: number;
}

const BLOCK = PAGE_SIZE << MAX_ORDER;
/** Memory beyond the data in flight: fragments being filled, and free pages that stay on lists of CPUs. */
const SYSTEM_SLACK_PER_CPU = 4 << 20;

/** Returns what lies where in the memory of a machine of this configuration. */
export function ramLayout(config: MachineConfig): RamLayout {
  const { cpus, sockets } = config;
  const { senders } = sockets;
  const headers = SEGMENT_BYTES;
  const headerBytes = roundUp(senders * skbsPerSocket(config) * HEADER_ROOM, PAGE_SIZE);
  const users = roundUp(headers + headerBytes, SEGMENT_BYTES);
  const system = roundUp(users + senders * sockets.userBufferBytes, SEGMENT_BYTES);
  const inFlight = senders * (sockets.sendBufferBytes + 3 * (PAGE_SIZE << 3));
  const systemBytes = roundUp(Math.ceil(inFlight * 1.25) + cpus.count * SYSTEM_SLACK_PER_CPU, BLOCK);
  const slotPool = roundUp(system + systemBytes, SEGMENT_BYTES);
  const grows = config.slotPool.growth !== 'none';
  const growth = grows ? roundUp(slotPool + config.slotPool.bytes, GROWTH_ALIGN) : slotPool + config.slotPool.bytes;
  const growthBytes = grows ? roundUp(config.slotPool.growthBytes, PAGE_SIZE) : 0;
  const bytes = growth + growthBytes;
  return { headers, headerBytes, users, system, systemBytes, slotPool, growth, growthBytes, bytes };
}

/**
 * Fills the buffers of the senders with contents that differ from place to place, so that a copy from a wrong place
 * shows.
 */
export function fillUsers(buffer: ArrayBuffer, layout: RamLayout): void {
  const words = new Int32Array(buffer, layout.users, (layout.system - layout.users) / 4);
  let state = 0x9e3779b9 | 0;
  for (let i = 0; i < words.length; i++) {
    state = xorshift(state);
    words[i] = state;
  }
}
