import { describe, expect, it } from '@jest/globals';
import { addedDesign, DESIGN_FACTS, DESIGN_NAMES, factsOf, isDesign } from '../../lib/designs/design-table.js';
import { DESIGNS } from '../../lib/designs/designs.js';
import { addDesign } from '../../lib/designs/own-designs.js';

describe('the table of designs without their parts', () => {
  it('says of each design of this package what the row with the parts says', () => {
    const withoutParts = DESIGN_NAMES.map((name) => {
      const { state, ...facts } = DESIGNS[name];
      return { name, facts, state: typeof state };
    });
    const table = DESIGN_NAMES.map((name) => ({ name, facts: DESIGN_FACTS[name], state: 'function' }));
    expect(withoutParts).toEqual(table);
  });

  it('has the rows that were added, too, which bring their parts', () => {
    const design = { ...DESIGNS.bounce, idea: 'a design of this test' };
    const name = addDesign('of-this-test', design, import.meta.url);
    expect({ facts: factsOf(name), row: addedDesign(name), isDesign: isDesign(name) }).toEqual({
      facts: design,
      row: design,
      isDesign: true,
    });
    expect(addedDesign('bounce')).toBeUndefined();
  });

  it('refuses a name that no design has', () => {
    expect(() => factsOf('toString')).toThrow(/there is no design 'toString', only direct, bounce/);
    expect(isDesign('toString')).toBe(false);
  });
});
