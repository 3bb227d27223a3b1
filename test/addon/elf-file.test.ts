import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { elfProblem } from '../../lib/addon/elf-file.js';
import { findAddon, thisPlace } from '../../lib/addon/load-addon.js';
import { scratchFolder } from '../scratch.js';

describe('elfProblem', () => {
  const whole = readFileSync(findAddon(thisPlace()));
  const problem = (bytes: Uint8Array, arch: string = process.arch) => {
    const file = join(scratchFolder(), 'copytax.node');
    writeFileSync(file, bytes);
    return elfProblem(file, arch);
  };

  it('finds none in the addon of this host', () => {
    expect(problem(whole)).toBeNull();
  });

  it('finds a file that was cut off anywhere', () => {
    for (const bytes of [whole.length - 1, whole.length >> 1, 64]) {
      expect(problem(whole.subarray(0, bytes))).toBe(`it was cut off: ${bytes} of ${whole.length} bytes`);
    }
    for (const bytes of [63, 0]) expect(problem(whole.subarray(0, bytes))).toBe('it is not a shared library');
  });

  it('finds a file of another kind', () => {
    expect(problem(Buffer.alloc(4096, 'version https://git-lfs\n'))).toBe('it is not a shared library');
  });

  it('finds a library for another architecture', () => {
    const other = process.arch === 'x64' ? 'arm64' : 'x64';
    expect(problem(whole, other)).toBe(`it is for ${process.arch}, and this Node for ${other}`);
    const odd = Buffer.from(whole);
    odd.writeUInt16LE(8, 18); // e_machine of MIPS
    expect(problem(odd)).toBe(`it is for another architecture, and this Node for ${process.arch}`);
  });

  it('leaves no file open, whatever it finds', () => {
    const count = () => readdirSync('/proc/self/fd').length;
    const before = count();
    for (const bytes of [whole, whole.subarray(0, 64), Buffer.alloc(0)]) problem(bytes);
    expect(count()).toBe(before);
  });

  it('throws what Linux says of a file that is not there', () => {
    expect(() => elfProblem('/nowhere/copytax.node', 'x64')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});
