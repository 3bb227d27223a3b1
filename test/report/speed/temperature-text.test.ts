import { describe, expect, it } from '@jest/globals';
import { temperatureSentences, temperatureTables } from '../../../lib/report/speed/temperature-text.js';
import { textReport } from '../../../lib/report/text.js';
import { MIB } from '../../../lib/units.js';
import { QUEUED, TWO_LINES, temperatureCells, temperatureResult } from '../fixtures/temperature.js';

describe('temperatureTables', () => {
  it('are one for each writer, with lengths down and copy kernels across', () => {
    const other = { kernel: 'movsb', writer: 'another core', nsOf: () => 9000 };
    const [same, another, ...more] = temperatureTables(temperatureCells([...TWO_LINES, other]));
    expect(more).toEqual([]);
    expect(same!.split('\n')).toHaveLength(QUEUED.length + 1);
    expect(same).toMatch(/^same core +movsb +nt-avx2$/m);
    expect(same).toMatch(/^32 MiB +3\.00 \[2\.94, 3\.06\] µs +5\.00 \[4\.90, 5\.10\] µs$/m);
    expect(another).toMatch(/^4 KiB +9\.00 \[8\.82, 9\.18\] µs$/m);
  });
});

describe('temperatureSentences', () => {
  const said = (sendBuffer?: number | null, floor: number | null = 300) => {
    const cells = temperatureCells(TWO_LINES, floor);
    return temperatureSentences(cells, temperatureResult(cells, sendBuffer)).join('\n');
  };

  it('say the floor, what a full send buffer makes of it, and where lines get slower', () => {
    expect(said(4 * MIB)).toContain('The floor is 300 [294, 306] ns.');
    expect(said(4 * MIB)).toContain('grows by itself to 4 MiB (tcp_wmem): with 4 MiB queued, movsb takes 3.00');
    expect(said(4 * MIB)).toContain('10.00 [10.00, 10.00] times the floor');
    // Lower quartiles, which are 0.99 of what was planted: disturbances make a copy slower.
    expect(said(4 * MIB)).toMatch(/movsb, same core: slower from .* queued on: 1\.49 µs, 2\.97 µs, 7\.92 µs\./);
    expect(said(4 * MIB)).not.toContain('nt-avx2, same core: slower');
  });

  it('have the times of the floor from rounds that have both, with `~` where they do not show it', () => {
    const cells = temperatureCells(TWO_LINES, 300).map((cell) =>
      cell.params.part === 'floor' ? { ...cell, samples: [300, 3000, 300, 3000] } : cell,
    );
    const text = temperatureSentences(cells, temperatureResult(cells, 4 * MIB)).join('\n');
    expect(text).toMatch(/, ~ \d\.\d\d \[\d\.\d\d, \d+\.\d\d\] times the floor\./);
  });

  it('leave out what is not known', () => {
    expect(said(null)).not.toContain('tcp_wmem');
    expect(said(4 * MIB, null)).not.toContain('floor');
  });
});

describe('the report of the scenario', () => {
  it('has the tables, the sentences and what was left out, and no line is too long', () => {
    const text = textReport(temperatureResult(temperatureCells(TWO_LINES)));
    for (const part of ['same core', 'The floor is', 'Left out: nothing.']) expect(text).toContain(part);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(114);
  });
});
