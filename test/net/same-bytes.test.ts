/** What leaves a machine is the same in every design, flavour and way of freeing: packet by packet, byte by byte. */
import { describe, expect, it } from '@jest/globals';
import { intercept, Scene } from '../../lib/faults/scene.js';
import { FLAVOURS } from '../../lib/flavour.js';
import type { MachineConfig } from '../../lib/machine/build/config.js';
import { DESIGN_NAMES, FREE_DISPATCHES } from '../../lib/net/designs.js';

const VARIANTS = DESIGN_NAMES.flatMap((design) =>
  FLAVOURS.flatMap((flavour) => FREE_DISPATCHES.map((freeDispatch) => ({ design, flavour, freeDispatch }))),
);

/** Socket, bytes and CRC of each packet’s payload, in the order in which they were transmitted. */
function packetsOf(given: Partial<MachineConfig> & Pick<MachineConfig, 'flavour'>): string[] {
  const scene = new Scene(given.flavour, { messagesPerSender: 12, window: 1 << 20, ...given });
  const packets: string[] = [];
  try {
    const { skbs } = scene.system;
    intercept(skbs, 'share', (share) => (skb) => {
      packets.push(`${skbs.socket(skb)}: ${skbs.bytes(skb)} ${skbs.crc(skb)}`);
      share(skb);
    });
    scene.machine.run(); // and the device reads what these sums are of
  } finally {
    scene.close();
  }
  return packets;
}

describe.each<[string, Partial<MachineConfig>]>([
  ['large messages', { message: 100_000, userBytes: 1 << 18, senders: 2 }],
  ['small messages from odd places', { message: 777, userOffset: 3, senders: 3, cpus: 2, qdisc: 'none' }],
  ['several queues and devices', { senders: 4, queues: 2, devices: 2, cpus: 2, stacked: 1 }],
])('%s', (_, given) => {
  it('leave as the same packets in every variant', () => {
    const [first, ...others] = VARIANTS.map((variant) => packetsOf({ ...given, ...variant }));
    expect(first!.length).toBeGreaterThan(10);
    for (const [at, packets] of others.entries())
      expect([VARIANTS[at + 1], packets]).toEqual([VARIANTS[at + 1], first]);
  });

  it('are other packets when the users’ bytes are', () => {
    const [mine, other] = [0, 1].map((shift) =>
      packetsOf({ ...given, flavour: 'hardened', userOffset: (given.userOffset ?? 0) + shift }),
    );
    expect(other).not.toEqual(mine);
  });
});
