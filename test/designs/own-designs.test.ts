import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { Design } from '../../lib/designs/design.js';
import { ALL_DESIGN_NAMES, DESIGN_NAMES, DESIGNS, designOf } from '../../lib/designs/designs.js';
import {
  addDesign,
  designModules,
  failureOfDesign,
  fileNameOf,
  loadDesigns,
  ownDesigns,
} from '../../lib/designs/own-designs.js';
import { CopytaxError } from '../../lib/errors.js';
import { machineConfig } from '../../lib/machine/build/config.js';
import { scratchFolder } from '../scratch.js';

const row: Design = { ...DESIGNS.bounce, idea: 'a copy of bounce' };
const MODULE = 'file:///somewhere/copy.js';
const copy = addDesign('test-copy', row, MODULE);

/** Writes a module and returns its URL. */
function moduleOf(text: string): string {
  const file = join(scratchFolder(), 'module.mjs');
  writeFileSync(file, text);
  return pathToFileURL(file).href;
}

describe('addDesign', () => {
  it('adds a row that is found by its name, and whose module threads load', async () => {
    expect(designOf(copy)).toBe(row);
    expect(ALL_DESIGN_NAMES).toEqual([...DESIGN_NAMES, 'test-copy']);
    expect(ownDesigns()).toEqual([{ name: 'test-copy', design: row, module: MODULE }]);
    expect(designModules()).toEqual([MODULE]);
    await loadDesigns(designModules());
  });

  it('is the only way to add one: lists and rows of designs cannot be changed in place', () => {
    const names = [DESIGN_NAMES, ALL_DESIGN_NAMES] as unknown as string[][];
    for (const list of names) expect(() => list.push('pushed')).toThrow(TypeError);
    expect(() => Object.assign(DESIGNS, { pushed: row })).toThrow(TypeError);
    expect(() => Object.assign(DESIGNS.bounce.promises, { userCopies: 0 })).toThrow(TypeError);
    expect(() => designOf('pushed')).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
  });

  it('makes another list of all names, so that one that was read before stays as it was', () => {
    const before = ALL_DESIGN_NAMES;
    const added = addDesign('test-later', row, MODULE);
    expect({ now: ALL_DESIGN_NAMES, before }).toEqual({ now: [...before, added], before: [...DESIGN_NAMES, copy] });
  });

  it('returns a name that a configuration takes', () => {
    expect(machineConfig({ design: copy, cpus: { copyKernel: 0 } }).design).toBe('test-copy');
    // @ts-expect-error: a name that addDesign has not returned is a mistake of spelling
    expect(() => machineConfig({ design: 'test-cpoy', cpus: { copyKernel: 0 } })).toThrow(/'test-cpoy' is none of/);
  });

  it.each(['bounce', 'test-copy', 'Bounce', 'two words', '', 'a--b', null])('refuses the name %j', (name) => {
    expect(() => addDesign(name as string, row, MODULE)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
  });

  it.each([undefined, '', 'copy.js', 7])('refuses %j in place of the URL of a module', (module) => {
    const refused = expect.objectContaining({
      code: 'ERR_DESIGN',
      message: expect.stringContaining('import.meta.url'),
    });
    expect(() => addDesign('test-other', row, module as string)).toThrow(refused);
  });

  it('refuses options that other designs read, which keep them', () => {
    const options = ['slotPool', 'cpus'] as unknown as NonNullable<Design['options']>;
    const refused = expect.objectContaining({
      code: 'ERR_DESIGN',
      message: expect.stringMatching(/^the design 'takes-all': options of the row may name .*, not 'slotPool'$/),
    });
    expect(() => addDesign('takes-all', { ...row, options }, MODULE)).toThrow(refused);
    const given = { design: 'bounce', cpus: { copyKernel: 0, count: 2 }, slotPool: { bytes: 8 << 20 } } as const;
    expect(machineConfig(given)).toMatchObject(given);
  });
});

describe('loadDesigns', () => {
  const rejected = (message: RegExp, code = 'ERR_DESIGN') =>
    expect.objectContaining({ name: 'CopytaxError', code, message: expect.stringMatching(message) });

  it.each([
    [
      'that is missing',
      () => pathToFileURL(join(scratchFolder(), 'no.mjs')).href,
      /^no\.mjs cannot be imported: .*no\.mjs/,
    ],
    [
      'that throws',
      () => moduleOf("throw new TypeError('of its own');"),
      /^module\.mjs cannot .*: TypeError: of its own \(at module\.mjs:1:7\)$/,
    ],
    ['that throws no error', () => moduleOf('throw 7;'), /^module\.mjs cannot be imported: 7$/],
    ['that is no JavaScript', () => moduleOf('let 1;'), /^module\.mjs cannot be imported: .*SyntaxError/],
    [
      'that adds no design',
      () => moduleOf('export {};'),
      /^module\.mjs adds no design: .* addDesign of the copytax in \//,
    ],
  ])('rejects for a module %s', async (_what, urlOf, message) => {
    await expect(loadDesigns([urlOf()])).rejects.toEqual(rejected(message));
  });

  it('rejects for a module whose import does not end', async () => {
    const never = moduleOf('await new Promise(() => {});');
    const message = /^module\.mjs cannot be imported: Error: its import has not ended after 0\.02 s$/;
    await expect(loadDesigns([never], 20)).rejects.toEqual(rejected(message));
  });

  it('rejects with what addDesign throws in the module', async () => {
    Object.assign(globalThis, { addBounce: () => addDesign('bounce', row, 'file:///x/taken.js') });
    const message = /^taken\.js adds a design 'bounce', which there is already/;
    await expect(loadDesigns([moduleOf('addBounce();')])).rejects.toEqual(rejected(message, 'ERR_OUT_OF_RANGE'));
  });
});

describe('failureOfDesign', () => {
  it('names a design of ones own that has thrown, its module, and keeps the stack', () => {
    const cause = new RangeError('too far\nand more');
    const failure = failureOfDesign('test-copy', cause) as CopytaxError;
    expect(failure).toMatchObject({ code: 'ERR_DESIGN', cause, stack: cause.stack });
    expect(failure.message).toMatch(/^the design 'test-copy' of copy\.js failed: RangeError: too far( \(at \S+\))?$/);
    expect(failureOfDesign('test-copy', null)).toMatchObject({ message: expect.stringMatching(/ failed: null$/) });
  });

  it('leaves errors of this package as they are, and errors of its own designs', () => {
    const ours = new CopytaxError('ERR_INVARIANT', 'broken');
    const other = new Error('x');
    expect(failureOfDesign('test-copy', ours)).toBe(ours);
    expect(failureOfDesign('bounce', other)).toBe(other);
  });
});

describe('fileNameOf', () => {
  it('returns the name of the file without folders, and nothing of what other URLs hold', () => {
    expect(fileNameOf('file:///home/someone/my%20design.js?x=1')).toBe('my design.js');
    expect(fileNameOf('data:text/javascript,secret')).toBe('data:');
  });
});
