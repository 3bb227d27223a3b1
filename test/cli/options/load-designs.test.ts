import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { addLoadOption, loadDesignFiles } from '../../../lib/cli/options/load-designs.js';
import { scratchFolder } from '../../scratch.js';

describe('the option --load', () => {
  it('may be given several times, and is a list', () => {
    const command = addLoadOption(new Command('x'));
    command.parse(['--load', 'a.js', '--load', 'b.js'], { from: 'user' });
    expect(command.opts()).toEqual({ load: ['a.js', 'b.js'] });
  });
});

describe('loadDesignFiles', () => {
  const refused = (message: RegExp) =>
    expect.objectContaining({ code: 'ERR_DESIGN', message: expect.stringMatching(message) });

  it('loads nothing without files', async () => {
    await expect(loadDesignFiles()).resolves.toBeUndefined();
  });

  it('refuses a file that is missing, and names it as it was given', async () => {
    await expect(loadDesignFiles(['./no/such.js'])).rejects.toEqual(refused(/^--load \.\/no\/such\.js .*\(ENOENT\)$/));
  });

  it('finds a file by a path that is relative to the working folder, and says that it adds nothing', async () => {
    const file = join(scratchFolder(), 'idle.mjs');
    writeFileSync(file, 'export {};');
    await expect(loadDesignFiles([relative(process.cwd(), file)])).rejects.toEqual(
      refused(/^idle\.mjs adds no design/),
    );
  });
});
