import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { buildCommand } from '../../../lib/cli/commands/build.js';
import { scratchFolder } from '../../scratch.js';

describe('buildCommand', () => {
  it('runs the builder of the package, whose end is its exit code', () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'scripts'));
    const log = JSON.stringify(join(folder, 'log'));
    const builder = (code: number) =>
      `require('fs').appendFileSync(${log}, process.argv.length + ' '); process.exit(${code})`;
    writeFileSync(join(folder, 'scripts/build-native.cjs'), builder(0));
    expect(buildCommand(folder)).toBe(0);
    writeFileSync(join(folder, 'scripts/build-native.cjs'), builder(3));
    expect(buildCommand(folder)).toBe(1);
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('2 2 ');
  });
});
