/**
 * The streams of a machine are the same in every design, flavour and free dispatch, byte by byte, and so are its
 * packets in all designs that copy the users' bytes. Where these are hung on skbs, an skb ends with its 17th page.
 */
import { describe, expect, it } from '@jest/globals';
import { DESIGNS } from '../../lib/designs/designs.js';
import { intercept, Scene } from '../../lib/faults/scene/scene.js';
import { FLAVOURS } from '../../lib/flavour.js';
import { type MachineOptions, mergeOptions } from '../../lib/machine/build/config.js';
import { checksum } from '../../lib/memory/copy.js';
import { WAYS } from '../designs/fixtures/ways.js';

const VARIANTS = FLAVOURS.flatMap((flavour) => WAYS.map((way) => ({ ...way, flavour })));

/**
 * Socket, bytes and CRC of each packet’s payload, in the order in which they were transmitted, and the CRC of what each
 * socket transmitted.
 */
function sentBy(given: MachineOptions): { packets: string[]; streams: number[] } {
  const scene = new Scene(
    given.flavour!,
    mergeOptions({ sockets: { messagesPerSender: 12, sendBufferBytes: 1 << 20 } }, given),
  );
  const packets: string[] = [];
  const streams: number[] = [];
  try {
    const { skbs } = scene.system;
    intercept(skbs, 'clone', (clone) => (skb) => {
      const socket = skbs.socket(skb);
      packets.push(`${socket}: ${skbs.bytes(skb)} ${skbs.crc(skb)}`);
      for (let frag = 0; frag < skbs.frags(skb); frag++) {
        const crc = streams[socket] ?? 0;
        streams[socket] = checksum(scene.machine.ram.id, skbs.fragAddress(skb, frag), skbs.fragBytes(skb, frag), crc);
      }
      clone(skb);
    });
    scene.machine.run(); // and the device compares what it reads with these sums
  } finally {
    scene.close();
  }
  return { packets, streams };
}

describe.each<[string, MachineOptions]>([
  ['large messages', { sockets: { messageBytes: 100_000, userBufferBytes: 1 << 18, senders: 2 } }],
  [
    'small messages from unaligned buffers',
    { cpus: { count: 2 }, sockets: { messageBytes: 777, userOffsetBytes: 3, senders: 3 }, devices: { qdisc: 'none' } },
  ],
  [
    'messages through several queues and devices',
    { cpus: { count: 2 }, sockets: { senders: 4 }, devices: { queues: 2, count: 2, stacked: 1 } },
  ],
])('%s', (_, given) => {
  it('leave as the same streams in every variant, and where they are copied as the same packets', () => {
    const [first, ...others] = VARIANTS.map((variant) => sentBy(mergeOptions(given, variant)));
    expect(first!.packets.length).toBeGreaterThan(10);
    for (const [at, { packets, streams }] of others.entries()) {
      const variant = VARIANTS[at + 1]!;
      expect([variant, streams]).toEqual([variant, first!.streams]);
      // Pages of page pools and others go into packets of their own.
      if (DESIGNS[variant.design].promises.userCopies === 1 && variant.design !== 'page-pool') {
        expect([variant, packets]).toEqual([variant, first!.packets]);
      }
    }
  });

  it('leave as other packets when the bytes of the users differ', () => {
    const [mine, other] = [0, 1].map((shift) =>
      sentBy(
        mergeOptions(given, {
          flavour: 'hardened',
          sockets: { userOffsetBytes: (given.sockets?.userOffsetBytes ?? 0) + shift },
        }),
      ),
    );
    expect(other).not.toEqual(mine);
  });
});
