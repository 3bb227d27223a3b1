import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { Design } from '../../lib/designs/design.js';
import { DESIGN_NAMES, DESIGNS, designOf } from '../../lib/designs/designs.js';

describe('the table of designs', () => {
  it('keeps the names that stand in committed results', () => {
    expect(DESIGN_NAMES).toEqual(expect.arrayContaining(['direct', 'bounce', 'bounce-pages']));
  });

  it.each(DESIGN_NAMES)('has a test of its own for %s', (name) => {
    const text = readFileSync(fileURLToPath(new URL(`../../../test/designs/${name}.test.ts`, import.meta.url)), 'utf8');
    expect(text).toContain(`describe('the design ${name}'`);
    expect(text).toContain(`'${name}'`);
  });

  it.each(DESIGN_NAMES)('promises of %s no more copies and slots than its parts need', (name) => {
    const { forceBounce, learns, promises }: Design = DESIGNS[name];
    expect(promises.bouncesHeaders).toBe(forceBounce);
    if (!forceBounce) expect(promises).toMatchObject({ bounceCopies: 0, holdsSlots: false });
    if (promises.bounceCopies === 1) expect(promises.holdsSlots).toBe(false);
    expect(learns).toBe(promises.holdsSlots);
  });
});

describe('designOf', () => {
  it('refuses a name that no design has, and names those that there are', () => {
    expect(() => designOf('toString')).toThrow(/there is no design 'toString', only direct, bounce, bounce-pages/);
  });
});
