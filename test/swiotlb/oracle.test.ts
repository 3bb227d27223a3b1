import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { replay } from './oracle.js';

const FOLDER = new URL('../../../test/fixtures/oracle/', import.meta.url);
/** Of boots, not of operations: for the tests of boot options. */
const BOOTS = 'bootparams.jsonl.gz';
const recordings = readdirSync(FOLDER).filter((file) => file.endsWith('.jsonl.gz') && file !== BOOTS);

describe('recordings of Linux’s allocator', () => {
  it('are there', () => {
    expect(recordings.length).toBeGreaterThanOrEqual(8);
  });

  it.each(recordings)('%s: every decision, copy and snapshot is the same', (file) => {
    const { operations, snapshots, deviations } = replay(new URL(file, FOLDER));
    expect(deviations).toEqual([]);
    expect(operations).toBeGreaterThan(2000);
    expect(snapshots).toBeGreaterThan(40);
  });
});
