import { describe, expect, it } from '@jest/globals';
import { differences } from '../../../lib/report/html/difference-table.js';
import { designCells, resultOf } from '../fixtures/result.js';

const results = (rate: number) => [
  { name: 'old', document: resultOf(designCells({ direct: 250, bounce: 120 })) },
  { name: 'new', document: { ...resultOf(designCells({ direct: 250, bounce: rate })), seconds: 9 } },
];

describe('the differences of a page', () => {
  it('are the numbers that differ significantly, with values, factors and whether that is better', () => {
    const page = String(differences(results(240)));
    expect(page).toMatch(/<td>121 Gbit\/s<\/td><td>242 Gbit\/s = 2\.00 \[[^\]]*\] × better<\/td>/);
    expect(page).not.toContain('<th scope="row">direct</th>');
  });

  it('are none where nothing differs', () => {
    expect(String(differences(results(120)))).toContain('No number differs significantly.');
  });

  it('say why results cannot be compared', () => {
    const [old, other] = results(120);
    const cells = other!.document.results.map((cell) => ({ ...cell, unit: 'ns' }));
    const page = String(differences([old!, { name: 'odd', document: { ...other!.document, results: cells } }]));
    expect(page).toContain('They cannot be compared: ');
  });
});
