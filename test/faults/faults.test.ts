/** Every fault, in both flavours: what becomes of it is what is known of it, every time. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type Fault, isFinding, play } from '../../lib/faults/fault.js';
import { FAULTS } from '../../lib/faults/faults.js';
import { FLAVOURS } from '../../lib/flavour.js';
import { CopyList } from '../../lib/memory/copy-list.js';

const document = readFileSync('docs/findings.md', 'utf8');
const cases = FAULTS.flatMap((fault) => FLAVOURS.map((flavour) => [fault.name, flavour, fault] as const));

describe('the faults', () => {
  it('have names of their own', () => {
    expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
  });

  it.each(cases)('%s, %s: becomes what it is known to become', (_, flavour, fault) => {
    const first = play(fault, flavour);
    expect(first).toMatchObject({ outcome: fault.expected[flavour], asExpected: true });
    expect(play(fault, flavour)).toEqual(first); // the same to the last byte
  });

  it('leave the thread’s clock as it was', () => {
    const list = CopyList.ofThisThread();
    play(FAULTS[0]!, 'hardened');
    const before = list.clock();
    expect(list.clock()).toBeGreaterThan(before);
  });

  it('that are findings are in the document, with the command, and no other is', () => {
    const named = [...document.matchAll(/`npx copytax fault ([a-z-]+)`/g)].map(([, name]) => name);
    expect(named.sort()).toEqual(
      FAULTS.filter(isFinding)
        .map(({ name }) => name)
        .sort(),
    );
  });

  it('play every entry of the specification’s lists, and each of them is in the table of one', () => {
    const entries = [...document.matchAll(/^\| ([^|`]+) \| (`[^|]*) \|$/gm)];
    const listed = entries.map(([, entry]) => entry!.split(' ', 1)[0]!);
    for (let mode = 1; mode <= 13; mode++) expect(listed).toContain(`F${mode}`);
    expect(entries.length).toBe(29 + 13);
    const played = new Set(
      entries.flatMap(([, , faults]) => [...faults!.matchAll(/`([^`]+)`/g)].map(([, name]) => name)),
    );
    expect([...played].sort()).toEqual(FAULTS.map(({ name }) => name).sort());
  });
});

describe('play', () => {
  const fault = (play: Fault['play']): Fault => ({
    ...{ name: 'none', about: '', source: '', expected: { faithful: 'copes', hardened: 'ERR_STALLED' } },
    play,
  });

  it('says when something else becomes of a fault than was expected', () => {
    const nothing = fault(() => 'nothing happened');
    expect(play(nothing, 'faithful')).toEqual({
      ...{ flavour: 'faithful', outcome: 'copes', account: 'nothing happened', asExpected: true },
    });
    expect(play(nothing, 'hardened')).toMatchObject({ outcome: 'copes', asExpected: false });
  });

  it('ends with the error of the machine, and passes on what is none', () => {
    const stalled = fault((scene) => {
      scene.until('pigs fly', () => false);
      return '';
    });
    expect(play(stalled, 'hardened')).toMatchObject({ outcome: 'ERR_STALLED', asExpected: true });
    const broken = fault(() => {
      throw new TypeError('a mistake in the play');
    });
    expect(() => play(broken, 'faithful')).toThrow('a mistake in the play');
  });
});
