import { describe, expect, it } from '@jest/globals';
import { drawnReport, textReport } from '../../lib/report/text.js';
import { controlCells, copyCells, designCells, priceCells, resultOf, slotCells } from './fixtures/result.js';
import { sendCells } from './fixtures/sends.js';

describe('textReport', () => {
  const text = textReport(resultOf(designCells(), copyCells(), controlCells()));
  const at = (part: string) => text.indexOf(part);

  it('goes from the verdict to what was not measured', () => {
    const order = [
      'copytax 0.1.0',
      '\ntx-designs: ',
      '\ncopy-cost: ',
      '\ncontrol-cost: ',
      '\nWarnings\n',
      '\nNot measured',
    ];
    expect(order.map(at)).toEqual([...order.map(at)].sort((a, b) => a - b));
    expect(order.every((part) => at(part) >= 0)).toBe(true);
  });

  it('shows the prices of all designs below the verdict, whenever they were measured', () => {
    const priced = textReport(resultOf(designCells(), copyCells(), priceCells()));
    const places = ['copytax 0.1.0', '\ndesign-prices: ', '\ntx-designs: ', '\ncopy-cost: '].map((part) =>
      priced.indexOf(part),
    );
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(priced).toContain('\n  held, most: slots in use per flow, KiB');
    for (const line of priced.split('\n')) expect(line.length).toBeLessThanOrEqual(114);
  });

  it('shows every design with its parts of a core', () => {
    expect(text).toContain(
      '  design                Gbit/s           x bounce  user  bounce  slot+page  locks  rest      cores',
    );
    expect(text).toMatch(/bounce +121 \[120, 122\] +0\.70 +0\.70 +0\.05 +0\.10 +0\.10 +1\.65±0\.00 +25 %/);
  });

  it('shows what growth did if some cell could grow, and otherwise nothing of it', () => {
    expect(text).not.toMatch(/transient|map failures/);
    const result = resultOf(designCells());
    const grown = result.results.map((cell) => ({
      ...cell,
      ledger: {
        ...cell.ledger,
        mapFailures: 7,
        ...(cell.params.design === 'bounce' ? { poolsAdded: 2, transientPools: 30.5 } : {}),
      },
    }));
    const report = textReport({ ...result, results: grown });
    expect(report).toMatch(/ softirq +map failures +added +transient\n/);
    expect(report).toMatch(/ bounce .* 25 % +7 +2 +30\.5\n/);
    expect(report).toMatch(/ direct .* - +7 +- +-\n/);
    expect(report).toMatch(/map failures: packets requeued because the slot pool was full/);
  });

  it('says how long each design waited for slot-pool locks, and nothing if none did', () => {
    const of = (waits: Record<string, Record<string, number>>) => {
      const result = resultOf(designCells(), copyCells());
      const results = result.results.flatMap((cell) => {
        const { design } = cell.params;
        const ledger = { ...cell.ledger, area0Waits: 0, area0WaitNs: 0, ...waits[`${design}`] };
        const other = { ...cell, params: { ...cell.params, senders: 8 }, ledger: { ...ledger, area0WaitNs: 10 } };
        return design === 'bounce' ? [{ ...cell, ledger }, other] : [{ ...cell, ledger }];
      });
      return textReport({ ...result, results });
    };
    expect(of({})).not.toMatch(/slot-pool locks/);
    const waits = { area0Waits: 80, area0WaitNs: 1_400_000, area1Waits: 1, area1WaitNs: 20_000 };
    expect(of({ bounce: waits, 'bounce-pages': { area1Waits: 1, area1WaitNs: 900 } })).toContain(
      '\n  longest waits for slot-pool locks in one sample: bounce 81 times, 1.42 ms; bounce-pages 1 time, 900 ns\n',
    );
  });

  it('shows copies by size and kernel', () => {
    expect(text).toMatch(/hot +fastest +libc, GB\/s +movsb, GB\/s/);
    expect(text).toMatch(/64 KiB +3\.31 \[3\.28, 3\.35\] µs +19\.8 +19\.7/);
  });

  it('shows any other cell by its name', () => {
    expect(text).toMatch(/slot-alloc +121 \[120, 122\] ns +1/);
  });

  it('shows pairs of cells beside each other, unless a cell has no partner', () => {
    const pairs = resultOf(slotCells());
    expect(textReport(pairs)).toMatch(
      /\n {2}slots +typescript +c\+\+ +ratio\n {2}1 +80\.8 \[80\.0, 81\.6\] ns +101 \[100, 102\] ns +0\.80 \[0\.80, 0\.80\]\n {2}16 /,
    );
    const single = { ...pairs, ratios: pairs.ratios.slice(1) };
    expect(textReport(single)).toMatch(/c\+\+\/slots=1\/threads=1 +101 \[100, 102\] ns/);
  });

  it('shows the other ratios below the pairs', () => {
    // Cells that differ in more than the side of the table.
    const pairs = resultOf(slotCells());
    const [one, sixteen] = pairs.ratios;
    const across = { ...one!, id: 'slot-pool/1:16', to: sixteen!.to };
    const shown = textReport({ ...pairs, ratios: [one!, across, sixteen!] });
    expect(shown).toMatch(
      /\n {2}slots +typescript +c\+\+ +ratio\n {2}1 .*\n {2}16 .*\n\n {2}ratio +median\n {2}1:16 +0\.80 .*\n\n/,
    );
  });

  it('gives each warning with its reason and remedy', () => {
    expect(text).toMatch(/GOVERNOR: frequency governor powersave\n +why: .*\n +try: as root/);
  });

  it('never promises more than memory to memory', () => {
    expect(text.toLowerCase()).not.toMatch(/zero.copy|network throughput|throughput/);
  });

  it('works with a ledger of any subset of keys', () => {
    const result = resultOf(designCells());
    const keys = ['gbps', 'coresUser', 'bounceBytes', 'bounceNs', 'bounceSoftirqBytes'];
    for (const kept of [[], ['coresUser'], ['bounceBytes'], ['bounceBytes', 'bounceNs'], keys]) {
      const results = result.results.map((cell) => ({
        ...cell,
        ledger: Object.fromEntries(Object.entries(cell.ledger).filter(([key]) => kept.includes(key))),
      }));
      expect(textReport({ ...result, results })).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  it('works without any scenario', () => {
    expect(textReport(resultOf())).toContain('Not measured, so this is a lower bound');
  });

  it('says that the control plane of Linux was not measured only where it was not', () => {
    const sends = sendCells([{ way: 'tcp', message: 65536, ns: 6640 }]);
    const said = (text: string) => text.replaceAll(/\s+/g, ' ');
    expect(said(textReport(resultOf(designCells())))).toContain('The control plane of Linux: slot and page work');
    const beside = said(textReport(resultOf(designCells(), sends)));
    expect(beside).not.toContain('The control plane of Linux:');
    expect(beside).toContain('What Linux takes is measured beside them');
  });

  it('counts the cells that have no cost, and names those in which nothing moved', () => {
    const cell = { scenario: 'some', params: {}, samples: 3 };
    const failed = [
      { ...cell, id: 'some/one', why: 'nothing moved' as const },
      { ...cell, id: 'some/two', why: 'no cost' as const },
      { ...cell, id: 'some/three', why: 'no cost' as const },
    ];
    expect(textReport({ ...resultOf(designCells()), failed })).toContain(
      'Failed\n  some/one: nothing moved in 3 samples\n  some: 2 cells without a cost, because in no sample the threads had',
    );
  });
});

describe('a report on a terminal', () => {
  const result = resultOf(designCells(), priceCells(), copyCells(), slotCells());
  const linesOf = (columns: number, isPlain = false) => drawnReport(result, { columns, isPlain }).split('\n');

  it('has the lines of the report, in their order, and bars and marks besides', () => {
    for (const columns of [100, 120, 200]) {
      const rest = linesOf(columns);
      for (const line of textReport(result).split('\n')) {
        const at = rest.findIndex((other) => other.startsWith(line));
        expect([line, at]).not.toEqual([line, -1]);
        rest.splice(0, at + 1);
      }
    }
  });

  it('has bars of rates, marks of ratios and lines of bars, of ASCII on request', () => {
    const text = linesOf(120).join('\n');
    expect(text).toMatch(/ {2}design +0 +\d+ Gbit\/s\n {2}direct +█+▓*░*\n/);
    expect(text).toMatch(/│ +├?[─●]+┤?\n/);
    expect(text).toMatch(/hot +libc +[▁▂▃▄▅▆▇█]+\n/);
    expect(text).toContain('Bars and marks\n  █▓░: a bar from 0');
    expect(linesOf(120, true).join('')).not.toMatch(/[█▓░├●○▁]/);
    expect(textReport(result)).not.toContain('Bars and marks');
  });

  it('is not wider for its bars than the terminal', () => {
    const wide = (columns: number) => linesOf(columns).filter((line) => line.length > columns);
    for (const columns of [126, 150, 200]) expect(wide(columns)).toEqual([]);
    const bars = linesOf(100).filter((line) => /[█├●○▁]/.test(line));
    expect(bars.filter((line) => line.length > 100)).toEqual([]);
  });

  it('is the same but for a section on bars where nothing was measured', () => {
    expect(drawnReport(resultOf(), { columns: 120, isPlain: false })).toBe(textReport(resultOf()));
  });
});
