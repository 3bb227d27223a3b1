import { describe, expect, it } from '@jest/globals';
import { counterFacts, counterFactsSchema, openable } from '../../../lib/bench/counters/counter-facts.js';
import { Counters, counters } from '../../../lib/bench/counters/counters.js';
import { HostFiles } from '../../../lib/bench/facts/host-files.js';
import { hostTree } from '../fixtures/host-tree.js';
import { fakeCounters } from './fixtures/fake-counters.js';

const LEVEL_3 = { 'proc/sys/kernel/perf_event_paranoid': '3\n' };

describe('counterFacts', () => {
  it('tells what opened, and of the rest the error, why and what to try', () => {
    const given = { names: ['cycles'], refused: [{ name: 'llcMisses', errno: 13 }] };
    const facts = counterFacts(new HostFiles(hostTree(LEVEL_3)), 1000, given)!;
    expect(facts).toMatchObject({ opened: ['cycles'], paranoid: 3 });
    expect(facts.refused).toEqual([
      {
        name: 'llcMisses',
        errno: 13,
        why: expect.stringContaining('kernel.perf_event_paranoid is 3 here'),
        remedy: expect.stringContaining('sysctl'),
      },
    ]);
    expect(counterFactsSchema().parse(facts)).toEqual(facts);
  });

  it('asks this thread by default, of which it keeps nothing open', () => {
    const { opened, refused } = counterFacts(new HostFiles())!;
    expect(opened.length + refused.length).toBe(5);
    using open = counters();
    expect(open.names).toEqual(opened);
  });

  it('is missing, with the reason, where the program that calls has counters open', () => {
    const files = new HostFiles();
    using open = new Counters(fakeCounters([]));
    expect(open.names).toEqual([]);
    expect(counterFacts(files)).toBeUndefined();
    expect(files.missing).toEqual([{ fact: 'counters', reason: expect.stringContaining('open already') }]);
  });
});

describe('openable', () => {
  it('closes what it opened', () => {
    const fake = fakeCounters(['cycles'], [{ name: 'llcMisses', errno: 2 }]);
    expect(openable(fake)).toEqual({ names: ['cycles'], refused: [{ name: 'llcMisses', errno: 2 }] });
    expect(fake.open).toBe(0);
  });
});
