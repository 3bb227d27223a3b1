import { describe, expect, it } from '@jest/globals';
import type { ResultDocument } from '../../../lib/bench/result/result.js';
import { hostTable } from '../../../lib/report/html/host-table.js';
import { resultOf } from '../fixtures/result.js';

const withKernel = (release: string | null): ResultDocument => {
  const result = resultOf();
  return { ...result, machine: { ...result.machine, kernel: { ...result.machine.kernel, release } } };
};
const rowOf = (page: string, name: string) => page.split('\n').find((line) => line.includes(`${name}</th><td>`))!;

describe('the facts of hosts', () => {
  it('stand side by side, and those that differ are marked in words', () => {
    const page = String(
      hostTable([
        { name: 'a', document: withKernel('6.1') },
        { name: 'b', document: withKernel('6.8') },
      ]),
    );
    expect(rowOf(page, 'Linux')).toContain('differs');
    expect(rowOf(page, 'Linux')).toContain('<td>6.1</td><td>6.8</td>');
    expect(rowOf(page, 'architecture')).not.toContain('differs');
  });

  it('are no difference where one does not tell', () => {
    const results = [
      { name: 'a', document: withKernel('6.1') },
      { name: 'b', document: withKernel(null) },
    ];
    expect(rowOf(String(hostTable(results)), 'Linux')).toBe(
      '<tr><th scope="row">Linux</th><td>6.1</td><td>not known</td></tr>',
    );
  });
});
