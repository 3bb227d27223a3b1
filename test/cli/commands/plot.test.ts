import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { plotCommand } from '../../../lib/cli/commands/plot.js';
import { controlCells, copyCells, designCells, resultOf } from '../../report/fixtures/result.js';
import { scratchFolder } from '../../scratch.js';

const folder = scratchFolder();

function resultFile(name: string, ...parts: ReturnType<typeof copyCells>[]): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(resultOf(...parts)));
  return file;
}

describe('plotCommand', () => {
  it('writes the pictures for which there are cells into a folder that it makes, and prints their names', async () => {
    const out = join(folder, 'made', 'here');
    const said = await plotCommand(resultFile('both.json', designCells(), copyCells()), { out });
    expect(said.trimEnd().split('\n').sort()).toEqual([
      join(out, 'copy-cost.svg'),
      join(out, 'cores-per-100-gbit.svg'),
    ]);
    for (const name of readdirSync(out)) expect(readFileSync(join(out, name), 'utf8')).toMatch(/^<svg /);
  });

  it('replaces older pictures', async () => {
    const out = mkdtempSync(join(folder, 'again-'));
    writeFileSync(join(out, 'copy-cost.svg'), 'old');
    await plotCommand(resultFile('copies.json', copyCells()), { out });
    expect(readFileSync(join(out, 'copy-cost.svg'), 'utf8')).toMatch(/^<svg /);
    expect(readdirSync(out)).toEqual(['copy-cost.svg']);
  });

  it('refuses a result without cells for any picture, and makes no folder for it', async () => {
    for (const parts of [[], [controlCells()]]) {
      const file = resultFile('control.json', ...parts);
      await expect(plotCommand(file, { out: join(folder, 'none') })).rejects.toMatchObject({
        code: 'ERR_RESULT_FILE',
        details: { file, remedy: expect.stringContaining('copytax bench') },
      });
    }
    expect(readdirSync(folder)).not.toContain('none');
  });

  it('says why it cannot write to a folder', async () => {
    const taken = resultFile('taken.json', copyCells());
    await expect(plotCommand(taken, { out: taken })).rejects.toMatchObject({
      code: 'ERR_RESULT_FILE',
      details: { path: taken, reason: 'EEXIST' },
    });
    await expect(plotCommand(taken, { out: join(taken, 'below') })).rejects.toMatchObject({
      details: { reason: 'ENOTDIR' },
    });
  });

  it('refuses a file that is not a result', async () => {
    const file = join(folder, 'odd.json');
    writeFileSync(file, '{}');
    await expect(plotCommand(file, { out: folder })).rejects.toMatchObject({ code: 'ERR_RESULT_SCHEMA' });
    const none = plotCommand(join(folder, 'no.json'), { out: folder });
    await expect(none).rejects.toMatchObject({ code: 'ERR_RESULT_FILE' });
  });
});
