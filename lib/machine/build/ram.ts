/**
 * The machine's memory: one region, whose offsets are physical addresses, and what lies where in it.
 * Source: "Simulated physical memory" in the transmit path's specification, section 0.
 */

import { HEADER_ROOM } from '../../net/skb.js';
import { MAX_ORDER } from '../../page/buddy.js';
import { GROWTH_ALIGN } from '../../page/growth-blocks.js';
import { xorshift } from '../../random.js';
import { PAGE_SIZE, roundUp, SEGMENT_BYTES } from '../../units.js';
import type { MachineConfig } from './config.js';
import { skbsPerSocket } from './sizing.js';

/** Physical addresses and sizes, bytes. */
export interface RamLayout {
  /** Linear parts of all skbs. Not at 0, which means "no address" to the slot allocator. */
  readonly headers: number;
  readonly headerBytes: number;
  readonly users: number;
  readonly system: number;
  readonly systemBytes: number;
  readonly pool: number;
  /** What bounce memory may grow into. */
  readonly growth: number;
  readonly growthBytes: number;
  readonly bytes: number;
}

const BLOCK = PAGE_SIZE << MAX_ORDER;
/** Beyond the data in flight: fragments being filled, and what per-CPU lists of free pages hold back. */
const SYSTEM_SLACK_PER_CPU = 4 << 20;

export function ramLayout(config: MachineConfig): RamLayout {
  const { cpus, sockets, slotPool } = config;
  const { senders } = sockets;
  const headers = SEGMENT_BYTES;
  const headerBytes = roundUp(senders * skbsPerSocket(config) * HEADER_ROOM, PAGE_SIZE);
  const users = roundUp(headers + headerBytes, SEGMENT_BYTES);
  const system = roundUp(users + senders * sockets.userBufferBytes, SEGMENT_BYTES);
  const inFlight = senders * (sockets.sendBufferBytes + 3 * (PAGE_SIZE << 3));
  const systemBytes = roundUp(Math.ceil(inFlight * 1.25) + cpus.count * SYSTEM_SLACK_PER_CPU, BLOCK);
  const pool = roundUp(system + systemBytes, SEGMENT_BYTES);
  const grows = slotPool.growth !== 'none';
  const growth = grows ? roundUp(pool + slotPool.bytes, GROWTH_ALIGN) : pool + slotPool.bytes;
  const growthBytes = grows ? roundUp(slotPool.growthBytes, PAGE_SIZE) : 0;
  const bytes = growth + growthBytes;
  return { headers, headerBytes, users, system, systemBytes, pool, growth, growthBytes, bytes };
}

/** Gives every sender's buffer contents of its own, so that a copy from a wrong place is noticed. */
export function fillUsers(buffer: ArrayBuffer, layout: RamLayout): void {
  const words = new Int32Array(buffer, layout.users, (layout.system - layout.users) / 4);
  let state = 0x9e3779b9 | 0;
  for (let i = 0; i < words.length; i++) {
    state = xorshift(state);
    words[i] = state;
  }
}
