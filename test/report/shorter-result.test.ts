import { describe, expect, it } from '@jest/globals';
import { parseResult, type ResultDocument } from '../../lib/bench/result/result.js';
import { SHORTER_FORMS } from '../../lib/report/shorter-result.js';
import { textReport } from '../../lib/report/text.js';
import { copyCells, designCells, resultOf } from './fixtures/result.js';

const whole = resultOf(designCells(), copyCells());
const runs = [whole, whole].map(({ schema: _, sampledBy: __, ...run }) => ({
  ...run,
  schema: whole.schema,
  sampledBy: 'round',
}));
const ofRuns = { ...whole, sampledBy: 'run', runs } as unknown as ResultDocument;
const read = (document: unknown) => parseResult(JSON.parse(JSON.stringify(document)), 'a file');

describe('a result in fewer bytes', () => {
  it.each(SHORTER_FORMS.map((form) => [form.ending, form] as const))(
    'is one that is read as the whole is, with the same medians: %s',
    (_, { of }) => {
      const shorter = read(of(whole));
      const middles = ({ results }: ResultDocument) =>
        results.map(({ id, summary }) => [id, Number(summary.median.toPrecision(5))]);
      expect(middles(shorter)).toEqual(middles(whole));
      expect(textReport(shorter)).toContain('bounce-pages');
      expect(JSON.stringify(shorter).length).toBeLessThan(JSON.stringify(whole).length);
    },
  );

  it('has all samples in its longer form, and none in its shorter one, also of the runs it is of', () => {
    const [longer, shorter] = SHORTER_FORMS.map(({ of }) => read(of(ofRuns)));
    const samples = ({ results }: Pick<ResultDocument, 'results'>) => results.map((cell) => cell.samples);
    expect(samples(longer!)).toEqual(samples(whole));
    expect(samples(longer!.runs![1] as ResultDocument)).toEqual(samples(whole));
    for (const one of [longer!, longer!.runs![1]!] as ResultDocument[]) {
      expect(one.results.flatMap(({ startedMs = [], pulsesNs = [] }) => [startedMs, pulsesNs].flat())).toEqual([]);
    }
    expect([shorter!, shorter!.runs![1] as ResultDocument].flatMap(samples).flat()).toEqual([]);
  });
});
