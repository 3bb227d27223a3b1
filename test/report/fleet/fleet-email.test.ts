import { describe, expect, it } from '@jest/globals';
import { fleetDocument } from '../../../lib/bench/fleet/fleet-document.js';
import { fleetEmail } from '../../../lib/report/fleet/fleet-email.js';
import { collect, writeSmallFleet } from '../../bench/fleet/fixtures/small-fleet.js';
import { scratchFolder } from '../../scratch.js';

const emailOf = (files: number, fingerprints: string[], slower = new Map<number, number>()) =>
  fleetEmail(fleetDocument(collect(writeSmallFleet(scratchFolder(), files, { fingerprints, slower })))!);

describe('a fleet for an email', () => {
  it('is its summary, a line for each group, and the outliers', () => {
    const text = emailOf(24, ['1-aa', '1-bb'], new Map([[2, 1.25]]));
    expect(text).toMatch(
      /^24 files: 24 runs of 2 kinds of host, 1 outlier\n1\. AMD EPYC, 12 runs; bounce-pages : bounce /,
    );
    // Where the temporary folder has a long name, the line breaks at any space.
    expect(text.replace(/\s+/g, ' ')).toMatch(/host-0002\.json \(group 1\): \d+ % slower $/);
  });

  it('has at most 15 lines of 76 columns', () => {
    const lines = emailOf(
      40,
      Array.from({ length: 20 }, (_, at) => `1-${at}`),
    )
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(15);
    expect(lines.at(-1)).toMatch(/^and \d+ more lines$/);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(76);
  });
});
