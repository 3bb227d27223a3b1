/** Every fault, in both flavours, ends as its row says, every time. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DESIGN_NAMES } from '../../lib/designs/designs.js';
import { FAULTS } from '../../lib/faults/faults.js';
import { designsOf, endsOf, type Fault, isFinding, play } from '../../lib/faults/scene/fault.js';
import { FLAVOURS } from '../../lib/flavour.js';
import { CopyList } from '../../lib/memory/copy-list.js';

const document = readFileSync('docs/findings.md', 'utf8');
const cases = FAULTS.flatMap((fault) => FLAVOURS.map((flavour) => [fault.name, flavour, fault] as const));
const onOthers = FAULTS.flatMap((fault) =>
  designsOf(fault)
    .slice(1)
    .map((design) => [fault.name, design, fault] as const),
);

describe('FAULTS', () => {
  it('gives every fault its own name', () => {
    expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
  });

  it.each(cases)('has %s, which ends in %s as its row says, and in the same way twice', (_, flavour, fault) => {
    const first = play(fault, flavour);
    expect(first).toMatchObject({ end: fault.expected[flavour], asExpected: true });
    expect(play(fault, flavour)).toEqual(first); // the same to the last byte
  });

  it.each(onOthers)('has %s, which on %s ends as its row says', (_, design, fault) => {
    const ends = FLAVOURS.map((flavour) => play(fault, flavour, design));
    expect(ends).toEqual(
      FLAVOURS.map((flavour) => expect.objectContaining({ design, flavour, end: endsOf(fault, design)[flavour] })),
    );
  });

  it('has some for every design', () => {
    const played = new Set(FAULTS.flatMap((fault) => designsOf(fault)));
    expect([...played].sort()).toEqual([...DESIGN_NAMES].sort());
  });

  it('leaves the clock of the thread as it was', () => {
    const list = CopyList.ofThisThread();
    play(FAULTS[0]!, 'hardened');
    const before = list.clock();
    expect(list.clock()).toBeGreaterThan(before);
  });

  it('has its findings, and no other fault, in docs/findings.md, with the designs that break and a command', () => {
    const rows = [...document.matchAll(/\| ([^|]+) \| `npx copytax fault ([a-z-]+)` \|$/gm)];
    const named = rows.map(([, designs, name]) => `${name}: ${designs!.replaceAll('`', '')}`);
    const findings = FAULTS.flatMap((fault) => {
      const broken = designsOf(fault).filter((design) => isFinding(endsOf(fault, design)));
      return broken.length > 0 ? [`${fault.name}: ${broken.join(', ')}`] : [];
    });
    expect(named.sort()).toEqual(findings.sort());
  });

  it('covers every entry of the lists of docs/findings.md, and each fault is listed there', () => {
    const entries = [...document.matchAll(/^\| ([^|`]+) \| (`[^|]*) \|$/gm)];
    const listed = entries.map(([, entry]) => entry!.split(' ', 1)[0]!);
    for (let mode = 1; mode <= 13; mode++) expect(listed).toContain(`F${mode}`);
    expect(entries.length).toBe(29 + 13 + 7 + 11);
    const played = new Set(
      entries.flatMap(([, , faults]) => [...faults!.matchAll(/`([^`]+)`/g)].map(([, name]) => name)),
    );
    expect([...played].sort()).toEqual(FAULTS.map(({ name }) => name).sort());
  });
});

describe('play', () => {
  const fault = (play: Fault['play']): Fault => ({
    name: 'none',
    about: '',
    source: [],
    expected: { faithful: 'copes', hardened: 'ERR_SCENE_STALLED' },
    play,
  });

  it('says when a fault ends otherwise than its row says', () => {
    const nothing = fault(() => 'nothing happened');
    expect(play(nothing, 'faithful')).toEqual({
      design: 'bounce-pages',
      flavour: 'faithful',
      end: 'copes',
      account: 'nothing happened',
      asExpected: true,
    });
    expect(play(nothing, 'hardened')).toMatchObject({ end: 'copes', asExpected: false });
  });

  it('returns the error of the machine, and throws errors of the fault itself', () => {
    const stalled = fault((scene) => {
      scene.until('pigs fly', () => false);
      return '';
    });
    expect(play(stalled, 'hardened')).toMatchObject({ end: 'ERR_SCENE_STALLED', asExpected: true });
    const broken = fault(() => {
      throw new TypeError('a mistake in the fault');
    });
    expect(() => play(broken, 'faithful')).toThrow('a mistake in the fault');
  });
});
