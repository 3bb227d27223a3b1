import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { givenHost } from '../../lib/tracefs/given-host.js';
import { scratchFolder } from '../scratch.js';
import { fakeHost } from '../support/fake-host.js';

const refused = (root: string) => {
  try {
    givenHost(root, []);
  } catch (error) {
    return error;
  }
  return null;
};

describe('givenHost', () => {
  it('takes the root of a Linux, and none is that of this process', () => {
    const root = fakeHost();
    expect(givenHost(root, []).files.root).toBe(root);
    expect(givenHost(undefined, []).files.root).toBe('/');
    expect(givenHost(root, []).finder.occupancy()).toBeNull();
  });

  it('refuses what cannot be the root of a Linux, and says why', () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'empty'));
    for (const [name, why] of [
      ['nowhere', 'there is no such folder'],
      ['file', 'it is a file, and no folder'],
      ['file/in', 'Linux refuses it (ENOTDIR)'],
      ['empty', 'it is not the root of a Linux with /sys, since'],
    ] as const) {
      expect(refused(join(folder, name))).toMatchObject({
        code: 'ERR_USAGE',
        message: expect.stringContaining(`--root ${join(folder, name)}: ${why}`),
        details: { option: '--root' },
      });
    }
    expect(refused('')).toMatchObject({ message: "--root '': it is empty" });
  });
});
