/** The forbidden outcome: U has the address and answers "not bounced" or "in no pool", or anybody reads garbage. */
import { describe, expect, it } from '@jest/globals';
import { type HandOver, IN_C, IN_JAVASCRIPT, KERNEL, MINIMUM, OPERATIONS } from './hand-over.js';
import { publication } from './pool-publication.js';
import { verdicts, witness } from './verdicts.js';

const BENIGN = ['M: mapped', 'M: no pool yet', 'U: in pool 1', 'U: no address yet'];

/** The verdicts on one pool that nobody wants. */
const unwanted = (protocol: HandOver) => verdicts(publication(protocol)).filter((verdict) => !BENIGN.includes(verdict));

describe.each<[string, HandOver]>([...IN_C, ['operations for fences', OPERATIONS], ...IN_JAVASCRIPT])(
  'O1 to O5 and O8, with %s',
  (_name, protocol) => {
    it('one pool: never', () => {
      expect(verdicts(publication(protocol))).toEqual(BENIGN);
    });

    it('two pools: never', () => {
      expect(verdicts(publication(protocol, 2))).toEqual([...BENIGN, 'U: in pool 2'].sort());
    });
  },
);

describe.each(IN_C)('with %s, one thing changed', (_name, protocol) => {
  const LOST = ['U: in no pool', 'U: not bounced'];

  it.each<[string, Partial<HandOver>, string[]]>([
    ['O1: publication relaxed', { publish: 'relaxed' }, ['M: garbage', 'U: garbage']],
    ['O2: M finds the pool relaxed', { find: 'relaxed' }, ['M: garbage']],
    ['O3: no fence', { mapFence: 'none' }, LOST],
    ['O3: an acquire fence', { mapFence: 'acquire' }, LOST],
    ['O3: the fence before both stores', { mapOrder: 'fence, flag, address' }, ['U: not bounced']],
    ['O3: the address before the flag', { mapOrder: 'address, fence, flag' }, LOST],
    ['O4: no fence', { lookFence: 'none' }, LOST],
    ['O4: a release fence', { lookFence: 'release' }, LOST],
    ['O4: the fence before both loads', { lookOrder: 'fence, address, flag' }, LOST],
    ['O4: the flag before the address', { lookOrder: 'flag, fence, address' }, LOST],
    ['O4: U walks relaxed', { walk: 'relaxed' }, ['U: garbage, without an address']],
  ])('%s: found', (_change, change, expected) => {
    expect(unwanted({ ...protocol, ...change })).toEqual(expect.arrayContaining(expected));
  });

  it('every plain access but those to the fields of a pool: found', () => {
    const plain: Partial<HandOver>[] = [
      { publish: 'plain' },
      { find: 'plain' },
      { mark: 'plain', isMarked: 'plain' },
      { give: 'plain', take: 'plain' },
      { walk: 'plain' },
    ];
    const races = plain.map((change) => unwanted({ ...protocol, ...change }).some((one) => one.startsWith('race: ')));
    expect(races).toEqual(plain.map(() => true));
  });
});

describe('O5: what M has seen of W reaches U through the address alone', () => {
  /** U's own loads acquire nothing from W. */
  const carried = (protocol: HandOver) => unwanted({ ...protocol, walk: 'relaxed' });

  it.each(IN_C)('with %s: never lost', (_name, protocol) => {
    expect(carried(protocol)).not.toContain('U: garbage');
  });

  it('O2 relaxed: lost with a release fence; the full one acquires for U, too late for M', () => {
    expect(carried({ ...MINIMUM, find: 'relaxed' })).toEqual(expect.arrayContaining(['M: garbage', 'U: garbage']));
    expect(carried({ ...KERNEL, find: 'relaxed' })).toContain('M: garbage');
    expect(carried({ ...KERNEL, find: 'relaxed' })).not.toContain('U: garbage');
  });
});

describe.each(IN_JAVASCRIPT)('with %s, one thing changed', (_name, protocol) => {
  it.each<[string, Partial<HandOver>, string[]]>([
    ['O1: publication plain', { publish: 'plain' }, ['M: garbage', 'U: garbage', 'race: head']],
    ['O2: M finds the pool by a plain read', { find: 'plain' }, ['M: garbage', 'race: head']],
    ['O3: the address before the flag', { mapOrder: 'address, fence, flag' }, ['U: not bounced']],
    ['O4: the flag before the address', { lookOrder: 'flag, fence, address' }, ['U: not bounced']],
    ['the flag plain', { mark: 'plain', isMarked: 'plain' }, ['race: flag']],
    ['what gives the address plain', plainGift(protocol), ['U: not bounced', 'race: address']],
  ])('%s: found', (_change, change, expected) => {
    expect(unwanted({ ...protocol, ...change })).toEqual(expect.arrayContaining(expected));
  });

  it('O4: U walks by plain reads: found once there is a pool that M has not seen', () => {
    expect(verdicts(publication({ ...protocol, walk: 'plain' }, 2))).toEqual(
      expect.arrayContaining(['U: garbage', 'race: head']),
    );
  });
});

function plainGift(protocol: HandOver): Partial<HandOver> {
  return protocol.doorbell === undefined ? { give: 'plain', take: 'plain' } : { doorbell: 'plain' };
}

it('shows how it comes to a verdict', () => {
  const how = witness(publication({ ...MINIMUM, mapFence: 'none' }), 'U: in no pool');
  expect(how).toContain('M: load head acquire reads 1');
  expect(how).toContain('U: load head acquire reads 0 of the start');
  expect(witness(publication(MINIMUM), 'U: in no pool')).toBeUndefined();
});
