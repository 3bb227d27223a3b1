import { describe, expect, it } from '@jest/globals';
import { topicSections, verdictSection, warningSections } from '../../../lib/report/html/result-sections.js';
import { elementsOfPart } from '../fixtures/elements.js';
import { pollutionResult } from '../fixtures/pollution.js';
import { type Cells, controlCells, copyCells, designCells, resultOf } from '../fixtures/result.js';
import { FOUR_CPUS, scalingResult } from '../fixtures/scaling.js';
import { TWO_LINES, temperatureCells, temperatureResult } from '../fixtures/temperature.js';

const named = (...parts: readonly Cells[]) => [{ name: 'a', document: resultOf(...parts) }];
const idsOf = (results: ReturnType<typeof named>) => topicSections(results, 100).map(({ id }) => id);

/** Cells under another name, as a scenario that is still to come would have them. */
function renamed(scenario: string): ReturnType<typeof named> {
  const text = JSON.stringify(resultOf(controlCells())).replaceAll('control-cost', scenario);
  return [{ name: 'a', document: JSON.parse(text) }];
}

describe('the parts of a page', () => {
  it('are those that the result has cells of', () => {
    expect(idsOf(named())).toEqual([]);
    expect(idsOf(named(copyCells()))).toEqual(['copies']);
    expect(idsOf(named(controlCells(), copyCells(), designCells()))).toEqual(['cores', 'copies', 'others']);
  });

  it('say why there is no picture of costs, and leave no number empty, where no design has a cost', () => {
    const cells = designCells();
    const document = resultOf({ ...cells, rows: cells.rows.map((row) => ({ ...row, ledger: {} })) });
    const textOf = (content: unknown) => elementsOfPart(String(content)).map(({ text }) => text);
    const [section] = topicSections([{ name: 'a', document }], 100);
    expect(String(section!.content)).not.toContain('<figure');
    expect(textOf(section!.content).join(' ')).toContain('no design has a cost here');
    const verdict = elementsOfPart(String(verdictSection([{ name: 'a', document }]).content));
    const values = verdict.filter(({ name }) => name === 'td').map(({ text }) => text);
    expect([values.length > 0, values.includes(''), values.includes('-')]).toEqual([true, false, true]);
    expect(String(topicSections(named(cells), 100)[0]!.content)).not.toContain('no design has a cost');
  });

  it.each([
    ['cache-pollution', 'pollution'],
    ['cpu-scaling', 'scaling'],
  ])('have a place for cells of %s', (scenario, id) => {
    expect(idsOf(renamed(scenario))).toEqual([id]);
  });

  it('show copy temperature with its panels above each other', () => {
    const [section] = topicSections([{ name: 'a', document: temperatureResult(temperatureCells(TWO_LINES)) }], 1000);
    expect(section!.id).toBe('temperature');
    const seen = elementsOfPart(String(section!.content));
    const buttons = seen.filter(({ name }) => name === 'button').map(({ text }) => text);
    expect(new Set(buttons).size).toBe(buttons.length);
    expect(seen.some(({ name, text }) => name === 'text' && text === 'queue written by the same core')).toBe(true);
  });

  it('show scaling with a picture and its tables', () => {
    const [section, ...more] = topicSections([{ name: 'a', document: scalingResult(FOUR_CPUS) }], 1000);
    expect([section!.id, more]).toEqual(['scaling', []]);
    const seen = elementsOfPart(String(section!.content));
    expect(seen.filter(({ name }) => name === 'figure')).toHaveLength(1);
    expect(seen.some(({ name, text }) => name === 'text' && text === 'transmit path')).toBe(true);
    expect(String(section!.content)).toContain('bounce own: 4 CPUs make');
  });

  it('show what bounces cost others, with the picture of it', () => {
    const [section] = topicSections([{ name: 'a', document: pollutionResult() }], 1000);
    const seen = elementsOfPart(String(section!.content));
    expect({ id: section!.id, figures: seen.filter(({ name }) => name === 'figure').length }).toEqual({
      id: 'pollution',
      figures: 1,
    });
  });

  it('show the pictures of all machines of one question together', () => {
    const results = [...named(copyCells()), { name: 'b', document: resultOf(copyCells(), designCells()) }];
    const [cores, copies] = topicSections(results, 100).map(({ content }) => elementsOfPart(String(content)));
    expect(cores!.filter(({ name }) => name === 'figure')).toHaveLength(1);
    expect(copies!.filter(({ name }) => name === 'strong').map(({ text }) => text)).toEqual(['a', 'b']);
  });
});

describe('the verdict of a page', () => {
  it('has a row for each design', () => {
    const seen = elementsOfPart(String(verdictSection(named(designCells())).content));
    const designs = seen.filter(({ name, attributes }) => name === 'th' && attributes.get('scope') === 'row');
    expect(designs.map(({ text }) => text)).toEqual(['direct', 'bounce', 'bounce-pages']);
  });

  it('is in words where no design was measured', () => {
    const { content } = verdictSection(named(copyCells()));
    expect(String(content)).toContain('<p>No transmit design was measured: see the tables for what was.</p>');
  });
});

describe('the warnings of a page', () => {
  it('say what was seen, why it matters and what to try', () => {
    const [one] = named(copyCells());
    const warnings = [{ code: 'NOISY_HOST' as const, seen: 'It <is>.', why: 'So.', remedy: 'Stop.' }];
    const [section] = warningSections([{ name: 'a', document: { ...one!.document, warnings } }]);
    expect(String(section!.content)).toContain('<dt><strong>NOISY_HOST</strong>: It &lt;is&gt;.</dt>');
    expect(String(section!.content)).toContain('Why: So.<br>Try: Stop.');
  });

  it('say of which cells there is no value, and why, also where there is no warning', () => {
    const [one] = named(copyCells());
    const cell = { id: 'scaling/nodes', scenario: 'scaling', params: {}, samples: 2 };
    const failed = [{ ...cell, why: 'not here' as const, message: 'Linux gives no memory of node <1>' }];
    const [section] = warningSections([{ name: 'a', document: { ...one!.document, warnings: [], failed } }]);
    expect(String(section!.content)).toContain(
      'scaling/nodes: no value, because Linux gives no memory of node &lt;1&gt;',
    );
  });
});
