import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  findingsPage,
  findingsText,
  joined,
  type MutationFigures,
  readFigures,
  writeFigures,
} from '../../../dev/mutate/figures.js';
import type { Finding } from '../../../dev/mutate/mutation-run.js';

const FINDINGS: readonly Finding[] = [
  { name: 'one', kind: 'a lock left out', file: 'lib/a.ts', outcome: 'noticed', by: 'test/a' },
  { name: 'two', kind: 'a mean for a median', file: 'lib/b.ts', outcome: 'stale', by: null },
  { name: 'three', kind: 'a lock left out', file: 'lib/c.ts', outcome: 'survived', by: null },
];
const FIGURES: MutationFigures = {
  schema: 'copytax.mutations/1',
  created: '2026-01-02T03:04:05.678Z',
  node: 'v22.1.0',
  findings: FINDINGS,
};

describe('the findings of a mutation run', () => {
  it('are printed by kind, with the totals at the end', () => {
    expect(findingsText(FINDINGS).split('\n')).toEqual([
      'a lock left out: 1 noticed, 1 survived',
      '  one (lib/a.ts): noticed by test/a',
      '  three (lib/c.ts): survived',
      '',
      'a mean for a median: 0 noticed, 0 survived, 1 stale',
      '  two (lib/b.ts): stale',
      '',
      '1 noticed, 1 survived, 1 stale',
    ]);
  });

  it('are tables in the documents', () => {
    const page = findingsPage(FIGURES);
    expect(page).toContain('1 noticed, 1 survived, 1 stale, of 3, on 2026-01-02 with Node v22.1.0.');
    expect(page).toContain('| a lock left out | 1 | 1 |');
    expect(page).toContain('| three | `lib/c.ts` | survived |');
  });

  it('are joined with those of earlier runs, the latest of each plant', () => {
    const [one, two, three] = FINDINGS;
    const again: Finding = { ...one!, outcome: 'survived', by: null };
    expect(joined(['three', 'one', 'none'], [one!, two!], [again, three!])).toEqual([three, again]);
  });

  it('are read from the file as they were written', () => {
    const folder = mkdtempSync(join(tmpdir(), 'copytax-figures-'));
    const path = join(folder, 'mutations.json');
    writeFigures(path, FIGURES);
    expect(readFigures(path)).toEqual(FIGURES);
    writeFileSync(path, '{}');
    expect(() => readFigures(path)).toThrow(expect.objectContaining({ code: 'ERR_RESULT_SCHEMA' }));
    rmSync(folder, { recursive: true });
  });
});
