import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Bounces, PACKET_BYTES, QUEUE_BYTES } from '../../../benchmarks/pollution/bounces.js';
import { checksum } from '../../../lib/memory/copy.js';
import { copyKernelIndex } from '../../../lib/memory/copy-kernels.js';
import { MIB } from '../../../lib/units.js';

const POOL_BYTES = 8 * MIB;
const libc = copyKernelIndex('libc');

describe('Bounces', () => {
  const bounces = new Bounces(POOL_BYTES);
  beforeAll(() => bounces.open());
  afterAll(() => bounces.close());

  it('copy what users wrote to slots, and go round in the whole slot pool', () => {
    const user = Buffer.alloc(PACKET_BYTES, 1);
    const offsets = new Set<number>();
    for (let packet = 0; packet < POOL_BYTES / PACKET_BYTES; packet += 4) {
      bounces.write(4);
      const { ns, offset } = bounces.bounce(libc, 4);
      expect(ns).toBeGreaterThan(0);
      for (let at = 0; at < 4; at++) {
        const slot = bounces.slots.view(offset + at * PACKET_BYTES, PACKET_BYTES);
        expect(slot.equals(user)).toBe(true);
        slot.fill(0);
      }
      offsets.add(offset);
    }
    expect(offsets.size).toBe(POOL_BYTES / PACKET_BYTES / 4);
  });

  it('go round in the queue where nothing is written, and past its end', () => {
    const packets = QUEUE_BYTES / PACKET_BYTES;
    const user = Buffer.alloc(5 * PACKET_BYTES, 1);
    for (let packet = 0; packet <= packets; packet += 5) {
      bounces.slots.view().fill(0);
      const bounced = bounces.bounce(libc, 5).offset;
      expect(bounces.slots.view(bounced, user.length).equals(user)).toBe(true);
      bounces.advance(5);
    }
    const { offset } = bounces.bounce(libc, 5);
    expect(bounces.read(offset, 5)).toBe(checksum(bounces.slots, offset, 5 * PACKET_BYTES));
  });

  it('leave slots as they are where nothing is bounced', () => {
    const before = checksum(bounces.slots);
    bounces.rest();
    expect(checksum(bounces.slots)).toBe(before);
  });
});
