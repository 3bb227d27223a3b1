import { describe, expect, it } from '@jest/globals';
import { agreementReport } from '../../../dev/tools/tables.js';
import { agreementData } from './fixtures/agreement-data.js';

const steady = (rate: number) => Array.from({ length: 10 }, () => rate);
const textOf = (third?: readonly number[]) => agreementReport(agreementData(third)).lines.join('\n');

describe('The report on a comparison with other tools', () => {
  it('says of each rate whether it agrees, and what was measured that explains it if not', () => {
    const { lines, isFine } = agreementReport(agreementData());
    expect(isFine).toBe(true);
    const text = lines.join('\n');
    expect(text).toMatch(/^mbw +A +libc +4M +21\.0 \[21\.0, 21\.0\] +20\.0 \[20\.0, 20\.0\] +1\.05 .* agrees$/m);
    expect(text).toMatch(/^mbw +B .* 1\.55 \[1\.55, 1\.55\] +explained \(1\)$/m);
    expect(text.replaceAll(/\n +/g, ' ')).toContain(
      '(1) mbw B, 4M: the tool has huge pages: so has this copy. mbw B 31.0 [31.0, 31.0] / copytax huge 30.0 ' +
        '[30.0, 30.0]: 1.03 [1.03, 1.03].',
    );
    expect(lines.at(-1)).toBe('Of 3 rates of tools, 2 agree with copytax within 10 %, 1 differ and are explained.');
  });

  it('has the conditions, and what is missing', () => {
    const text = textOf();
    expect(text).toContain(
      'A CPU, guest of KVM, Linux 6.1.0, glibc 2.36, last-level cache 32M, transparent huge pages',
    );
    expect(text).toContain('mbw (version unknown); 10 rounds, all on CPU 1.');
    expect(text).toContain('\nSKIPPED: perf is not installed: apt-get install linux-perf\n');
  });

  it('names a rate that differs, what was tried, and that this needs looking at', () => {
    const { isFine } = agreementReport(agreementData(steady(50)));
    const text = textOf(steady(50));
    expect(isFine).toBe(false);
    expect(text).toContain('DIFFERS: mbw C, 4M. Tried: copytax huge 30.0 [30.0, 30.0].');
    expect(text.replaceAll('\n', ' ')).toMatch(/FAILED: Of 3 .* 1 differ unexplained\. DIFFERS: this needs looking at/);
  });

  it('says where the host was noisy', () => {
    const text = textOf([10, 50, 12, 44, 20, 20, 15, 31, 20, 20]);
    expect(text).toMatch(/^mbw +C .* UNCLEAR$/m);
    expect(text).toMatch(/FAILED: [\s\S]*UNCLEAR: the host was noisy; run it again/);
  });

  it('says where a rate was not measured', () => {
    expect(textOf([])).toMatch(/^mbw +C .*not measured .* - +NOT MEASURED$/m);
    expect(agreementReport(agreementData([])).isFine).toBe(false);
  });

  it('fails where nothing was compared', () => {
    const { lines, isFine } = agreementReport({ ...agreementData(), comparisons: [], tools: [] });
    expect({ isFine, last: lines.at(-1) }).toEqual({ isFine: false, last: 'FAILED: nothing was compared.' });
  });

  it('has no line of more than 120 columns', () => {
    for (const third of [undefined, steady(50), []]) {
      const { lines } = agreementReport(agreementData(third));
      expect(Math.max(...lines.flatMap((line) => line.split('\n')).map((line) => line.length))).toBeLessThanOrEqual(
        120,
      );
    }
  });

  it('says what is unknown of a host as unknown', () => {
    const data = agreementData();
    const unknown = {
      ...data.host,
      cpu: null,
      hypervisor: null,
      lastLevelCacheBytes: null,
      transparentHugePages: null,
    };
    const text = agreementReport({ ...data, cpu: null, host: unknown }).lines.join('\n');
    expect(text).toContain('CPU of unknown model, Linux 6.1.0, glibc 2.36, last-level cache unknown');
    expect(text).toContain('not pinned, which is not allowed here');
  });
});
