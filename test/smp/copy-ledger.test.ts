import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  CONTEXTS,
  type Context,
  CopyLedger,
  HARDIRQ,
  PROCESS,
  SITE,
  SITES,
  SOFTIRQ,
} from '../../lib/smp/copy-ledger.js';
import { inArena } from './fixtures/cpus.js';

const CPUS = 3;
const entry = fc.record({
  cpu: fc.integer({ min: 0, max: CPUS - 1 }),
  site: fc.constantFrom(...SITES),
  context: fc.constantFrom<Context>(PROCESS, SOFTIRQ, HARDIRQ),
  locked: fc.boolean(),
  bytes: fc.integer({ min: 1, max: 1 << 20 }),
  ns: fc.integer({ min: 0, max: 1 << 20 }),
});

const question = fc.record(
  {
    cpu: fc.integer({ min: 0, max: CPUS - 1 }),
    context: fc.constantFrom<Context>(PROCESS, SOFTIRQ, HARDIRQ),
    locked: fc.boolean(),
  },
  { requiredKeys: [] },
);

describe('CopyLedger', () => {
  it('returns the sums that a list of all entries would give', () => {
    fc.assert(
      fc.property(fc.array(entry), fc.array(question), (entries, questions) => {
        const ledger = inArena((arena) => CopyLedger.inArena(arena, CPUS));
        ledger.reset();
        for (const { cpu, site, context, locked, bytes, ns } of entries) {
          ledger.add(cpu, SITE[site], context, locked, bytes, ns);
        }
        for (const site of SITES) {
          for (const where of [{}, ...questions]) {
            const matching = entries.filter(
              (made) =>
                made.site === site && Object.entries(where).every(([key, value]) => Reflect.get(made, key) === value),
            );
            expect(ledger.sum(site, where)).toEqual({
              bytes: matching.reduce((sum, made) => sum + made.bytes, 0),
              ns: matching.reduce((sum, made) => sum + made.ns, 0),
              copies: matching.length,
            });
          }
        }
      }),
    );
  });

  it('can be rebuilt from the rows of its CPUs', () => {
    const ledger = inArena((arena) => CopyLedger.inArena(arena, 2));
    ledger.reset();
    ledger.add(0, SITE.user, PROCESS, false, 100, 7);
    ledger.add(1, SITE.bounce, SOFTIRQ, true, 200, 9);
    const rows = [ledger.row(1), ledger.row(0)];
    ledger.add(0, SITE.user, PROCESS, false, 1, 1); // a row is a copy
    const swapped = new CopyLedger(Float64Array.of(...rows[0]!, ...rows[1]!), 2);
    expect(swapped.sum('bounce', { cpu: 0, context: SOFTIRQ, locked: true })).toEqual({ bytes: 200, ns: 9, copies: 1 });
    expect(swapped.sum('user', { cpu: 1 })).toEqual({ bytes: 100, ns: 7, copies: 1 });
    expect(swapped.sum('user', { cpu: 0 }).copies).toBe(0);
  });

  it('is empty after a reset', () => {
    const ledger = inArena((arena) => CopyLedger.inArena(arena, 1));
    ledger.add(0, SITE.deviceRead, HARDIRQ, true, 5, 5);
    ledger.reset();
    expect(ledger.sum('deviceRead')).toEqual({ bytes: 0, ns: 0, copies: 0 });
  });

  it('has a name for each context', () => {
    expect([PROCESS, SOFTIRQ, HARDIRQ].map((context) => CONTEXTS[context])).toEqual(['process', 'softirq', 'hardirq']);
  });

  it('is written by JSON.stringify as the sums by site and context', () => {
    const ledger = inArena((arena) => CopyLedger.inArena(arena, CPUS));
    ledger.reset();
    ledger.add(0, SITE.user, PROCESS, false, 100, 7);
    ledger.add(2, SITE.user, PROCESS, true, 50, 3);
    ledger.add(1, SITE.bounce, SOFTIRQ, true, 9, 1);
    const { cpus, sites } = JSON.parse(JSON.stringify({ ledger })).ledger;
    const none = { bytes: 0, ns: 0, copies: 0 };
    expect({ cpus, names: Object.keys(sites) }).toEqual({ cpus: CPUS, names: SITES });
    expect(sites.user).toEqual({ process: { bytes: 150, ns: 10, copies: 2 }, softirq: none, hardirq: none });
    expect(sites.bounce).toEqual({ process: none, softirq: { bytes: 9, ns: 1, copies: 1 }, hardirq: none });
  });
});
