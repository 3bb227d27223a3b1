import { describe, expect, it } from '@jest/globals';
import { DESIGN_NAMES } from '../../../lib/designs/designs.js';
import { packetsInFlight } from '../../../lib/machine/check/in-flight.js';
import { PROCESS, SITE } from '../../../lib/smp/copy-ledger.js';
import { broken, working } from '../fixtures/working-machine.js';

describe.each(DESIGN_NAMES)('a machine of design %s', (design) => {
  it('keeps every invariant, with packets in flight and without', () => {
    using machine = working({ design });
    const { system } = machine;
    expect(packetsInFlight(system, 'done').length).toBeGreaterThan(0);
    expect(() => machine.assertInvariants()).not.toThrow();
    machine.drain();
    expect(packetsInFlight(system, 'cleaned')).toEqual([]);
  });
});

describe('a machine that checks', () => {
  it('checks the invariants while it runs, and at the end', () => {
    using one = working();
    one.system.copyLedger.add(0, SITE.user, PROCESS, false, 1, 0);
    const manySteps = () => {
      for (let turn = 0; turn < 1000; turn++) one.step();
    };
    expect(manySteps).toThrow(broken('I9'));
    expect(() => one.drain()).toThrow(broken('I9'));
  });
});
