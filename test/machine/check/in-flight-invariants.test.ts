/** Every invariant of packets in flight (I7 to I10) notices what breaks it. */
import { describe, expect, it } from '@jest/globals';
import type { System } from '../../../lib/machine/build/system.js';
import { packetsInFlight } from '../../../lib/machine/check/in-flight.js';
import { PROCESS, SITE, SOFTIRQ } from '../../../lib/smp/copy-ledger.js';
import { broken, working } from '../fixtures/working-machine.js';

describe('of the invariants of packets in flight,', () => {
  const firstPacket = (system: System) => packetsInFlight(system, 'done')[0]!;
  const slotOfHeader = (system: System) => system.swiotlb.pool.slotOf(firstPacket(system).parts[0]!.dma);

  it.each<[string, string, (system: System) => void]>([
    ['I7', 'other bytes', (system) => system.skbs.setWireCrc(firstPacket(system).skb, 1)],
    ['I8', 'another mapping', (system) => system.swiotlb.pool.table.setOrigin(slotOfHeader(system), 0, 4096)],
    ['I9', 'a user copy in a softirq', ({ copyLedger }) => copyLedger.add(0, SITE.user, SOFTIRQ, false, 66, 0)],
    ['I9', 'bytes copied and not sent', ({ copyLedger }) => copyLedger.add(0, SITE.user, PROCESS, false, 1, 0)],
    ['I9', 'one header too many', ({ copyLedger }) => copyLedger.add(0, SITE.header, PROCESS, true, 66, 0)],
    ['I9', 'more bounced than sent', ({ copyLedger }) => copyLedger.add(0, SITE.bounce, SOFTIRQ, true, 1 << 30, 0)],
  ])('%s notices %s', (invariant, _what, damage) => {
    using one = working({ design: 'bounce-pages' });
    damage(one.system);
    expect(() => one.assertInvariants()).toThrow(broken(invariant));
  });

  it('I10 notices a CPU that goes on transmitting for a socket', () => {
    using one = working({ design: 'bounce-pages' });
    one.runners[1]!.cpu.txSocket = 0;
    expect(() => one.assertInvariants()).toThrow(broken('I10'));
  });

  it('I9 notices a bounce copy that the conventional design did not make', () => {
    using one = working({ design: 'bounce' });
    one.system.copyLedger.add(0, SITE.bounce, SOFTIRQ, true, -1, 0);
    expect(() => one.assertInvariants()).toThrow(broken('I9'));
  });

  it('I9 notices payload that was bounced although the device reaches it where it is', () => {
    using one = working({ design: 'registered' });
    one.assertInvariants();
    one.system.copyLedger.add(0, SITE.bounce, SOFTIRQ, true, 1, 0);
    expect(() => one.assertInvariants()).toThrow(broken('I9'));
  });
});
