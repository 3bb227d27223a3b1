/** Faults of payload: the pages that it is written to, and what else reads and writes there. */
import { PAGE_SIZE } from '../units.js';
import { endOn, THAT_HOLD_SLOTS } from './scene/design-groups.js';
import { type Fault, FINDING } from './scene/fault.js';
import { expectThat } from './scene/scene.js';

export const PAYLOAD_FAULTS: readonly Fault[] = [
  {
    name: 'recycled-page-kept',
    about: 'the percentage is set to 0, and a slow sender goes on filling the page of the slot pool that it holds',
    source: ['docs/spec/tx-path.md#f3-stale-percentage-and-recycled-pages'],
    machine: { sockets: { learn: 'told', messageBytes: 1000, messagesPerSender: 400, sendBufferBytes: 65536 } },
    play: (scene) => {
      const { devices } = scene.system;
      scene.turns(20);
      devices.percentLimit.percent = 0;
      scene.turns(20);
      const before = { bounced: scene.bounced, sent: scene.sent };
      scene.turns(100);
      const bounced = scene.bounced - before.bounced;
      const since = scene.sent - before.sent;
      scene.machine.run();
      expectThat(`what is sent is bounced again; ${bounced} of ${since} bytes were`, since > 0 && bounced === since);
      return 'the sender dropped the page at the next message';
    },
    expected: FINDING,
    alsoOn: endOn(FINDING, THAT_HOLD_SLOTS),
  },
  {
    name: 'plain-text-exposed',
    about: 'kernel TLS takes page fragments like any sender, writes plain text to them, and encrypts it in place',
    source: [
      'docs/spec/tx-path.md#f13-plain-text-and-the-retransmit-queue',
      'docs/spec/tx-path.md#fault-caller-with-private-payload',
    ],
    machine: { sockets: { privateSenders: 1 } },
    play: (scene) => {
      scene.machine.run();
      expectThat('everything was bounced', scene.bounced === scene.sent);
      return 'its pages were never pages of the slot pool';
    },
    expected: { faithful: 'ERR_EXPOSED', hardened: 'copes' },
    alsoOn: endOn({ faithful: 'ERR_EXPOSED', hardened: 'copes' }, THAT_HOLD_SLOTS),
  },
  {
    name: 'queued-page-altered',
    about: 'the host writes to a page of the slot pool whose data are not acknowledged yet and are transmitted again',
    source: ['docs/spec/tx-path.md#f13-plain-text-and-the-retransmit-queue'],
    machine: { sockets: { learn: 'told' }, network: { lossShare: 0.5 } },
    play: (scene) => {
      const { skbs, peers, sockets } = scene.system;
      scene.until('an skb is to be transmitted again', () => peers.lostSkbs(0) > 0);
      const missing = sockets.skb(0, peers.receivedSkbs(0));
      const pfn = skbs.fragPfn(missing, 0);
      expectThat('it lies in the slot pool', scene.isInSlotPool(pfn * PAGE_SIZE));
      const bytes = new Uint8Array(scene.machine.ram.buffer, pfn * PAGE_SIZE + skbs.fragOffset(missing, 0), 1);
      bytes[0] = bytes[0]! ^ 1;
      scene.machine.run();
      return 'no check noticed';
    },
    expected: { faithful: 'ERR_DEVICE_READ', hardened: 'ERR_DEVICE_READ' },
    alsoOn: endOn({ faithful: 'ERR_DEVICE_READ', hardened: 'ERR_DEVICE_READ' }, THAT_HOLD_SLOTS),
  },
];
