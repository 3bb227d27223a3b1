/** The packets of a machine are the same in every design, flavour and free dispatch, byte by byte. */
import { describe, expect, it } from '@jest/globals';
import { FREE_DISPATCHES } from '../../lib/designs/design.js';
import { DESIGN_NAMES } from '../../lib/designs/designs.js';
import { intercept, Scene } from '../../lib/faults/scene.js';
import { FLAVOURS } from '../../lib/flavour.js';
import { type MachineOptions, mergeOptions } from '../../lib/machine/build/config.js';

const VARIANTS = DESIGN_NAMES.flatMap((design) =>
  FLAVOURS.flatMap((flavour) => FREE_DISPATCHES.map((freeDispatch) => ({ design, flavour, freeDispatch }))),
);

/** Socket, bytes and CRC of each packet’s payload, in the order in which they were transmitted. */
function packetsOf(given: MachineOptions): string[] {
  const scene = new Scene(
    given.flavour!,
    mergeOptions({ sockets: { messagesPerSender: 12, sendBufferBytes: 1 << 20 } }, given),
  );
  const packets: string[] = [];
  try {
    const { skbs } = scene.system;
    intercept(skbs, 'clone', (clone) => (skb) => {
      packets.push(`${skbs.socket(skb)}: ${skbs.bytes(skb)} ${skbs.crc(skb)}`);
      clone(skb);
    });
    scene.machine.run(); // and the device compares what it reads with these sums
  } finally {
    scene.close();
  }
  return packets;
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
  it('leave as the same packets in every variant', () => {
    const [first, ...others] = VARIANTS.map((variant) => packetsOf(mergeOptions(given, variant)));
    expect(first!.length).toBeGreaterThan(10);
    for (const [at, packets] of others.entries())
      expect([VARIANTS[at + 1], packets]).toEqual([VARIANTS[at + 1], first]);
  });

  it('leave as other packets when the bytes of the users differ', () => {
    const [mine, other] = [0, 1].map((shift) =>
      packetsOf(
        mergeOptions(given, {
          flavour: 'hardened',
          sockets: { userOffsetBytes: (given.sockets?.userOffsetBytes ?? 0) + shift },
        }),
      ),
    );
    expect(other).not.toEqual(mine);
  });
});
