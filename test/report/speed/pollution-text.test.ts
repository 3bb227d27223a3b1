import { describe, expect, it } from '@jest/globals';
import { pollutionAnswer, pollutionSentences, pollutionTables } from '../../../lib/report/speed/pollution-text.js';
import { textReport } from '../../../lib/report/text.js';
import { pollutionCells, pollutionResult } from '../fixtures/pollution.js';

const cells = pollutionCells();
const without = (...parts: string[]) => cells.filter(({ params }) => !parts.includes(String(params.part)));

describe('pollutionTables', () => {
  it('are of the victim on the core, of the neighbour, and of what a bounce is made of', () => {
    const [core, near, parts, ...more] = pollutionTables(cells);
    expect(more).toEqual([]);
    expect(core).toMatch(/^24 KiB, 4 packets +none +2\.00 \[1\.90, 2\.10\] ns$/m);
    expect(core).toMatch(/^ +movsb +3\.00 \[2\.85, 3\.15\] ns +1\.50 \[1\.50, 1\.50\] +1\.54 \[1\.54, 1\.54\] µs$/m);
    expect(near).toMatch(/^ +nt-avx2 +12\.0 \[11\.4, 12\.6\] ns +1\.20 .* 50\.0 +\+40 \[\+40, \+40\] %$/m);
    expect(parts).toMatch(/^copy +5\.00 \[4\.75, 5\.25\] µs +3\.00 \[2\.85, 3\.15\] µs$/m);
    expect(parts).toMatch(/^device, another core +2\.00 .* µs +6\.00/m);
    expect(parts).toMatch(/^whole path, cores +1\.00 \[0\.950, 1\.05\] +2\.00/m);
  });

  it('have no negative nothing', () => {
    const almost = cells.map((cell) =>
      cell.params.part === 'neighbour' && cell.params.kernel !== 'none'
        ? { ...cell, samples: [9.9999, 9.9999], summary: { ...cell.summary, median: 9.9999 } }
        : cell.params.part === 'neighbour'
          ? { ...cell, samples: [10, 10] }
          : cell,
    );
    expect(pollutionTables(almost)[1]).toContain('~ +0 [+0, +0] %');
  });

  it('have no intervals of a single round', () => {
    const single = cells.map((cell) => {
      const [value] = cell.samples as [number];
      return { ...cell, samples: [value], summary: { median: value, low: value, high: value, confidence: 0 } };
    });
    const [core, near] = pollutionTables(single);
    expect(core).toMatch(/^ +movsb +2\.70 ns +~ 1\.50 +~ 1\.38 µs$/m);
    expect(near).toMatch(/^ +nt-avx2 +10\.8 ns +~ 1\.20 +50\.0 +~ \+40 %$/m);
    expect(pollutionSentences(single).join('\n')).not.toMatch(/\[/);
  });

  it('leave out what was not measured', () => {
    expect(pollutionTables(without('neighbour'))).toHaveLength(2);
    expect(pollutionTables(without('same core', 'neighbour'))).toHaveLength(1);
    expect(pollutionTables([])).toEqual([]);
  });
});

describe('pollutionAnswer', () => {
  it('counts who is better and who is worse off, and who is not shown to differ', () => {
    expect(pollutionAnswer(cells)).toEqual([
      'In short, nt-avx2 instead of movsb: the copy: faster; victims on the core: 2 of 2 better off; ' +
        'neighbours: 4 of 4 better off; reads of the device: 2 of 2 slower; copy and read together: 2 of 2 slower.',
    ]);
    const like = cells.map((cell) =>
      cell.params.kernel === 'nt-avx2' && cell.params.part === 'copy' ? { ...cell, samples: [5000] } : cell,
    );
    expect(pollutionAnswer(like)[0]).toContain('the copy: not shown to differ;');
  });

  it('is nothing where nothing was compared', () => {
    expect(pollutionAnswer([])).toEqual([]);
    expect(pollutionAnswer(cells.filter(({ params }) => params.part === 'whole path'))).toEqual([]);
  });
});

describe('pollutionSentences', () => {
  const said = pollutionSentences(cells);

  it('say what the copy, the victims, the device and all together make of a non-temporal bounce', () => {
    for (const part of [
      'A bounce by nt-avx2 instead of movsb: the copy of 64 KiB takes 0.60 [0.60, 0.60] times as long',
      'A victim on the core with 24 KiB, 4 packets: a load takes 1.50 [1.50, 1.50] times as long with movsb',
      'A neighbour with 2 MiB, paced:',
      'A neighbour with 8 MiB, paced:',
      'on the same core takes 3.00 [3.00, 3.00] times as long after it, copy and read together 1.29',
      'on another core takes 3.00',
      'costs 2.00 [2.00, 2.00] times the cores, at 30.0 instead of 40.0 Gbit/s.',
    ]) {
      expect(said.filter((sentence) => sentence.includes(part))).toHaveLength(1);
    }
    const rates = '(per 100 Gbit/s +100 [+100, +100] % and +40 [+40, +40] %); nt-avx2 to movsb: 0.80 [0.80, 0.80].';
    expect(said.join('\n')).toContain(rates);
    expect(said.join('\n')).not.toContain('full speed');
  });

  it('are none without a non-temporal copy kernel, and none of what was not measured', () => {
    expect(pollutionSentences(cells.filter(({ params }) => params.kernel !== 'nt-avx2'))).toEqual([]);
    const few = pollutionSentences(without('neighbour', 'whole path', 'device')).join('\n');
    for (const word of ['neighbour', 'whole path', 'device']) expect(few).not.toContain(word);
  });
});

describe('the report of the scenario', () => {
  it('has the tables, the sentences and what was left out, and no line is too long', () => {
    const text = textReport(pollutionResult());
    for (const part of ['same core', 'A bounce by', 'Left out: nothing.']) expect(text).toContain(part);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(114);
  });
});
