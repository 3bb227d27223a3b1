import { describe, expect, it } from '@jest/globals';
import { parseResult } from '../../lib/bench/result/result.js';
import { resultText } from '../../lib/bench/result/result-file.js';
import { combineRuns } from '../../lib/bench/runs/combine.js';
import { Markup } from '../../lib/report/html/markup.js';
import { verdictSection } from '../../lib/report/html/result-sections.js';
import { verdict } from '../../lib/report/verdict.js';
import { designCells, resultOf } from './fixtures/result.js';
import { sendCells } from './fixtures/sends.js';

const designs = designCells();
/** As the scenario of the designs keeps them. */
const sampled = {
  ...designs,
  scenario: {
    ...designs.scenario,
    sampledLedger: ['coresUser', 'coresBounce', 'coresSlotPage', 'coresLockWait', 'coresRest'] as const,
  },
};
const sends = sendCells([{ way: 'tcp', message: 65536, ns: 6640, controlNsPer64K: 5242.88 }]);
const LINE = "with this Linux's 5.24 µs of control plane per 64 KiB instead of this program's, bounce would move ";

describe('the verdict with the control plane of Linux', () => {
  it('stands below the own one, and says that it is computed', () => {
    const text = verdict(resultOf(sampled, sends)).join(' ').replaceAll(/\s+/g, ' ');
    expect(text).toContain(`Computed, not measured: ${LINE}`);
    // bounce: 1.65 cores with 0.1 of rest; bounce-pages: 0.85. With a core of rest 2.55 and 1.75.
    const [, slow, fast] = /bounce would move ([\d.]+) \[.*?\] and bounce-pages ([\d.]+) \[/.exec(text)!;
    expect(Number(slow)).toBeCloseTo((121 * 1.65) / 2.55, 0);
    expect(Number(fast)).toBeCloseTo((242 * 0.85) / 1.75, -1);
    expect(text.indexOf('bounce-pages moves')).toBeLessThan(text.indexOf('Computed, not measured'));
  });

  it('is in the file and in the page', () => {
    const result = resultOf(sampled, sends);
    const read = parseResult(JSON.parse(resultText(result)), 'test.json');
    expect(read.linuxControl).toEqual(result.linuxControl);
    const { content } = verdictSection([{ name: 'here', document: result }]);
    expect(Markup.textOf(content)).toContain('Computed, not measured');
  });

  it('is formed within each run, where samples are runs', () => {
    const one = resultOf(sampled, sends);
    const runs = combineRuns([one, one, one], { seed: 1, count: 3, complete: true, interrupted: false });
    const of = ({ linuxControl }: typeof one) => linuxControl!.rates.map(({ id, median }) => [id, Math.round(median)]);
    expect({ sampledBy: runs.sampledBy, rates: of(runs) }).toEqual({ sampledBy: 'run', rates: of(one) });
  });

  it('is left out where one of both was not measured', () => {
    for (const result of [resultOf(sampled), resultOf(sends)]) {
      expect(result.linuxControl).toBeUndefined();
      expect(verdict(result).join('\n')).not.toContain('omputed');
    }
  });

  it('is said to be missing where the designs have no costs of rounds, or nothing was sent by TCP', () => {
    const byUdp = sendCells([{ way: 'udp', message: 65536, ns: 5000 }]);
    for (const result of [resultOf(designs, sends), resultOf(sampled, byUdp)]) {
      expect(result.linuxControl).toBeUndefined();
      expect(verdict(result).join('\n')).toContain("Not computed: what they would move with Linux's control plane;");
    }
  });
});
