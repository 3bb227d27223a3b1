/** Faults of payload: which pages it is written to, and who else can read and write there. */
import { PAGE_SIZE } from '../units.js';
import { type Fault, FINDING } from './fault.js';
import { expectThat } from './scene.js';

export const PAYLOAD_FAULTS: readonly Fault[] = [
  {
    name: 'recycled-page-kept',
    about: 'the percentage goes to 0, and a slow sender fills the page of the pool that it holds again and again',
    source: 'docs/spec/tx-path.md#f3-stale-percentage-and-recycled-pages',
    machine: { sockets: { learn: 'told', messageBytes: 1000, messagesPerSender: 400, sendBufferBytes: 65536 } },
    play: (scene) => {
      const { devices } = scene.system;
      scene.turns(20);
      devices.percentLimit.percent = 0;
      scene.turns(20);
      const [before, sent] = [scene.bounced, scene.sent];
      scene.turns(100);
      const [bounced, since] = [scene.bounced - before, scene.sent - sent];
      scene.machine.run();
      expectThat(`what is sent is bounced again: of ${since} bytes ${bounced} were`, since > 0 && bounced === since);
      return 'the page went at the next message';
    },
    expected: FINDING,
  },
  {
    name: 'plain-text-exposed',
    about: 'kernel TLS takes fragments like any sender, writes plain text to them, and encrypts it in place',
    source:
      'docs/spec/tx-path.md#f13-plain-text-and-the-retransmit-queue, docs/spec/tx-path.md#fault-caller-with-private-payload',
    machine: { sockets: { privateSenders: 1 } },
    play: (scene) => {
      scene.machine.run();
      expectThat('everything was bounced', scene.bounced === scene.sent);
      return 'its pages were never those of the pool';
    },
    expected: { faithful: 'ERR_EXPOSED', hardened: 'copes' },
  },
  {
    name: 'queued-page-altered',
    about: 'the host writes to a page of the pool whose data wait to be acknowledged, and they are transmitted again',
    source: 'docs/spec/tx-path.md#f13-plain-text-and-the-retransmit-queue',
    machine: { sockets: { learn: 'told' }, network: { lossShare: 0.5 } },
    play: (scene) => {
      const { skbs, pages, peers, sockets } = scene.system;
      scene.until('something is to be transmitted again', () => peers.lostSkbs(0) > 0);
      const missing = sockets.skb(0, peers.receivedSkbs(0));
      const pfn = skbs.fragPfn(missing, 0);
      expectThat('it lies in the pool', pages.owner(pfn) !== 0);
      const bytes = new Uint8Array(scene.machine.ram.buffer, pfn * PAGE_SIZE + skbs.fragOffset(missing, 0), 1);
      bytes[0] = bytes[0]! ^ 1;
      scene.machine.run();
      return 'nobody noticed';
    },
    expected: { faithful: 'ERR_DEVICE_READ', hardened: 'ERR_DEVICE_READ' },
  },
];
