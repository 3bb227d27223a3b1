import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { BenchPage } from '../../../lib/cli/terminal/bench-page.js';
import { elementsOf } from '../../report/fixtures/elements.js';
import { copyCells, resultOf } from '../../report/fixtures/result.js';
import { scratchFolder } from '../../scratch.js';

const folder = scratchFolder();

describe('BenchPage', () => {
  it('is nothing without a path, and refuses one that cannot be written before anything is measured', () => {
    expect(BenchPage.open(undefined)).toBeNull();
    expect(() => BenchPage.open(join(folder, 'no', 'page.html'))).toThrow(
      expect.objectContaining({ code: 'ERR_RESULT_FILE' }),
    );
  });

  it('has the name of the result file, or its own', async () => {
    const titleOf = async (path: string, json?: string) => {
      await BenchPage.open(path, json)!.write(resultOf(copyCells()));
      return elementsOf(readFileSync(path, 'utf8')).find(({ name }) => name === 'title')!.text;
    };
    expect(await titleOf(join(folder, 'page.html'), 'runs/host.json.gz')).toBe('copytax: host');
    expect(await titleOf(join(folder, 'own.html'))).toBe('copytax: own');
  });

  it('is not written where nothing was measured', async () => {
    const path = join(folder, 'empty.html');
    const page = BenchPage.open(path)!;
    await page.write(resultOf());
    await page.write(null);
    expect([existsSync(path), page.isStdout]).toEqual([false, false]);
  });
});
