/** The forbidden outcomes: U has the address and returns "not bounced" or "in no pool", or any thread reads garbage. */
import { describe, expect, it } from '@jest/globals';
import { verdicts, witness } from './model/verdicts.js';
import { type HandOver, IN_C, IN_JAVASCRIPT, LINUX, MINIMUM, OPERATIONS } from './programs/hand-over.js';
import { publication } from './programs/pool-publication.js';

const BENIGN = ['M: mapped', 'M: no pool yet', 'U: in pool 1', 'U: no address yet'];

/** The verdicts on one pool, without the allowed ones. */
const forbidden = (protocol: HandOver) =>
  verdicts(publication(protocol)).filter((verdict) => !BENIGN.includes(verdict));

describe.each<[string, HandOver]>([...IN_C, ['operations for fences', OPERATIONS], ...IN_JAVASCRIPT])(
  'publishing pools with %s (O1 to O5, O8)',
  (_name, protocol) => {
    it('never misleads a thread about one pool', () => {
      expect(verdicts(publication(protocol))).toEqual(BENIGN);
    });

    it('never misleads a thread about two pools', () => {
      expect(verdicts(publication(protocol, 2))).toEqual([...BENIGN, 'U: in pool 2'].sort());
    });
  },
);

describe.each(IN_C)('publishing pools with %s', (_name, protocol) => {
  const LOST = ['U: in no pool', 'U: not bounced'];

  it.each<[string, Partial<HandOver>, string[]]>([
    ['the publication is relaxed (O1)', { publish: 'relaxed' }, ['M: garbage', 'U: garbage']],
    ['M finds the pool by a relaxed load (O2)', { find: 'relaxed' }, ['M: garbage']],
    ['M has no fence (O3)', { mapFence: 'none' }, LOST],
    ['M has an acquire fence (O3)', { mapFence: 'acquire' }, LOST],
    ['M has its fence before both stores (O3)', { mapOrder: 'fence, flag, address' }, ['U: not bounced']],
    ['M stores the address before the flag (O3)', { mapOrder: 'address, fence, flag' }, LOST],
    ['U has no fence (O4)', { lookFence: 'none' }, LOST],
    ['U has a release fence (O4)', { lookFence: 'release' }, LOST],
    ['U has its fence before both loads (O4)', { lookOrder: 'fence, address, flag' }, LOST],
    ['U loads the flag before the address (O4)', { lookOrder: 'flag, fence, address' }, LOST],
    ['U walks by relaxed loads (O4)', { walk: 'relaxed' }, ['U: garbage, without an address']],
  ])('misleads a thread if %s', (_change, change, expected) => {
    expect(forbidden({ ...protocol, ...change })).toEqual(expect.arrayContaining(expected));
  });

  it('races if any access but those to the fields of a pool is plain', () => {
    const plain: Partial<HandOver>[] = [
      { publish: 'plain' },
      { find: 'plain' },
      { mark: 'plain', isMarked: 'plain' },
      { give: 'plain', take: 'plain' },
      { walk: 'plain' },
    ];
    const races = plain.map((change) => forbidden({ ...protocol, ...change }).some((one) => one.startsWith('race: ')));
    expect(races).toEqual(plain.map(() => true));
  });
});

describe('what M has seen of W (O5)', () => {
  /** The forbidden outcomes if U's own loads acquire nothing from W. */
  const carried = (protocol: HandOver) => forbidden({ ...protocol, walk: 'relaxed' });

  it.each(IN_C)('reaches U through the address alone, with %s', (_name, protocol) => {
    expect(carried(protocol)).not.toContain('U: garbage');
  });

  // A full fence acquires it for U, and is too late for M.
  it('is lost behind a release fence if M finds the pool by a relaxed load', () => {
    expect(carried({ ...MINIMUM, find: 'relaxed' })).toEqual(expect.arrayContaining(['M: garbage', 'U: garbage']));
    expect(carried({ ...LINUX, find: 'relaxed' })).toContain('M: garbage');
    expect(carried({ ...LINUX, find: 'relaxed' })).not.toContain('U: garbage');
  });
});

describe.each(IN_JAVASCRIPT)('publishing pools with %s', (_name, protocol) => {
  it.each<[string, Partial<HandOver>, string[]]>([
    ['the publication is plain (O1)', { publish: 'plain' }, ['M: garbage', 'U: garbage', 'race: head']],
    ['M finds the pool by a plain read (O2)', { find: 'plain' }, ['M: garbage', 'race: head']],
    ['M stores the address before the flag (O3)', { mapOrder: 'address, fence, flag' }, ['U: not bounced']],
    ['U loads the flag before the address (O4)', { lookOrder: 'flag, fence, address' }, ['U: not bounced']],
    ['the flag is plain', { mark: 'plain', isMarked: 'plain' }, ['race: flag']],
    ['the word that publishes the address is plain', plainPublication(protocol), ['U: not bounced', 'race: address']],
  ])('misleads a thread if %s', (_change, change, expected) => {
    expect(forbidden({ ...protocol, ...change })).toEqual(expect.arrayContaining(expected));
  });

  it('misleads U if it walks by plain reads and there is a pool that M has not seen (O4)', () => {
    expect(verdicts(publication({ ...protocol, walk: 'plain' }, 2))).toEqual(
      expect.arrayContaining(['U: garbage', 'race: head']),
    );
  });
});

function plainPublication(protocol: HandOver): Partial<HandOver> {
  return protocol.doorbell === undefined ? { give: 'plain', take: 'plain' } : { doorbell: 'plain' };
}

it('witness() shows how an execution comes to a verdict', () => {
  const how = witness(publication({ ...MINIMUM, mapFence: 'none' }), 'U: in no pool');
  expect(how).toContain('M: load head acquire reads 1');
  expect(how).toContain('U: load head acquire reads 0 of the start');
  expect(witness(publication(MINIMUM), 'U: in no pool')).toBeUndefined();
});
