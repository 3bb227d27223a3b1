/** What must not depend on the layout of a machine, and what a larger slot pool must not make worse. */
import { describe, expect, it } from '@jest/globals';
import { DESIGN_NAMES } from '../../lib/designs/designs.js';
import { intercept, Scene } from '../../lib/faults/scene/scene.js';
import { FLAVOURS } from '../../lib/flavour.js';
import { type MachineOptions, mergeOptions } from '../../lib/machine/build/config.js';
import { HEADER_BYTES } from '../../lib/net/skb.js';
import { PAGE_TYPE } from '../../lib/page/page-type.js';

function inScene<Answer>(given: MachineOptions, play: (scene: Scene) => Answer): Answer {
  const scene = new Scene(given.flavour!, given);
  try {
    return play(scene);
  } finally {
    scene.close();
  }
}

describe('a slot pool of twice the size', () => {
  const hoarding = {
    sockets: { sendBufferBytes: 2 << 20, userBufferBytes: 1 << 20, learn: 'told', messagesPerSender: 150 },
  } as const;

  it.each<[string, MachineOptions]>([
    ['one flow', { sockets: { senders: 1 } }],
    ['three flows', { cpus: { count: 2 }, sockets: { senders: 3 }, devices: { queues: 2 } }],
    ['flows whose acknowledgements are late', { sockets: { senders: 2 }, network: { ackDelayNs: 5e6 } }],
    ['large messages', { sockets: { senders: 2, messageBytes: 200_000, messagesPerSender: 40 } }],
    ['half of it for pages', { sockets: { senders: 3 }, slotPool: { pagePercent: 45 } }],
  ])('never makes more bytes be copied twice: %s', (_, given) => {
    const bounced = [20, 21, 22, 23, 24].map((order) =>
      inScene(mergeOptions({ flavour: 'hardened' }, hoarding, given, { slotPool: { bytes: 2 ** order } }), (scene) => {
        scene.machine.run();
        return scene.bounced;
      }),
    );
    expect(bounced).toEqual([...bounced].sort((a, b) => b - a));
    expect([bounced[0]! > 0, bounced[4]]).toEqual([true, 0]);
  });
});

describe.each(DESIGN_NAMES)('a machine of design %s', (design) => {
  it('sends and copies the same bytes, whichever CPU takes the interrupts of a queue', () => {
    const cpus = [0, 1, 2];
    const orders = cpus.flatMap((a) => cpus.flatMap((b) => cpus.map((c) => [a, b, c])));
    const outcomes = orders.map((irqCpus) =>
      inScene(
        {
          flavour: 'hardened',
          design,
          cpus: { count: 3, irqCpus },
          sockets: { senders: 3, learn: 'told', messagesPerSender: 20 },
          devices: { queues: 3 },
        },
        ({ machine }) => {
          machine.run();
          const { copyLedger, peers, queues, swiotlb } = machine.system;
          const { user, bounce } = { user: copyLedger.sum('user').bytes, bounce: copyLedger.sum('bounce').bytes };
          const packets = queues.reduce((sum, queue) => sum + queue.counter('packets'), 0);
          expect(copyLedger.sum('deviceRead').bytes).toBe(machine.system.sentBytes() + packets * HEADER_BYTES);
          return {
            user,
            bounce,
            received: [0, 1, 2].map((socket) => peers.receivedBytes(socket)),
            used: swiotlb.used(),
          };
        },
      ),
    );
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
  });
});

describe.each(FLAVOURS)('the copy ledger in %s', (flavour) => {
  it.each<[string, MachineOptions, number]>([
    ['pages of the slot pool', { sockets: { learn: 'told' } }, Infinity],
    [
      'few pages of the slot pool',
      {
        sockets: { learn: 'told', sendBufferBytes: 2 << 20 },
        network: { ackDelayNs: 20e6 },
        slotPool: { pagePercent: 10 },
      },
      Infinity,
    ],
    ['a device that reaches half of the slot pool', { sockets: { learn: 'told' } }, 0.5],
  ])('accounts bounces of headers, ordinary pages and pages out of reach, and no others: %s', (_, given, reach) => {
    inScene(mergeOptions({ flavour, sockets: { messagesPerSender: 150 } }, given), ({ machine }) => {
      const { system } = machine;
      const { layout, config, pages, skbs, copyLedger } = system;
      const dmaMask = layout.slotPool + config.slotPool.bytes * reach - 1;
      Object.assign(system.devices.all[0]!, { dmaMask });
      let [headers, ordinary, outOfReach] = [0, 0, 0];
      intercept(system.queues[0]!.ring, 'produceDone', (produceDone) => (end) => {
        const { ring } = system.queues[0]!;
        headers += ring.bytes(ring.next);
        const skb = ring.skb(end - 1);
        for (let frag = 0; frag < skbs.frags(skb); frag++) {
          const [head, bytes] = [pages.headOf(skbs.fragPfn(skb, frag)), skbs.fragBytes(skb, frag)];
          const last = skbs.fragAddress(skb, frag) + bytes - 1;
          if (!pages.hasType(head, PAGE_TYPE.zeroCopySwiotlb)) ordinary += bytes;
          else if (last > dmaMask) outOfReach += bytes;
        }
        produceDone(end);
      });
      machine.run();
      expect(copyLedger.sum('user').bytes).toBe(system.sockets.sentBytes(0));
      expect(copyLedger.sum('header').bytes).toBe(headers);
      expect(copyLedger.sum('bounce').bytes).toBe(ordinary + outOfReach);
      expect([ordinary > 0, outOfReach > 0]).toEqual([config.slotPool.pagePercent === 10, reach < 1]);
    });
  });
});
