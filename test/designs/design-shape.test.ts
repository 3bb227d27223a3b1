import { describe, expect, it } from '@jest/globals';
import type { Design, DesignParts, DesignState } from '../../lib/designs/design.js';
import { requireDesign, requireParts, requireState } from '../../lib/designs/design-shape.js';
import { DESIGNS } from '../../lib/designs/designs.js';
import { smallSystem } from '../machine/fixtures/small-system.js';

const refused = (message: string) => expect.objectContaining({ code: 'ERR_DESIGN', message });

describe('requireDesign', () => {
  const row: Design = DESIGNS.bounce;

  it('accepts the rows of this package', () => {
    for (const [name, design] of Object.entries(DESIGNS)) expect(() => requireDesign(name, design)).not.toThrow();
  });

  it.each([
    [undefined, 'the row must be an object, not undefined'],
    [{ ...row, idea: undefined }, 'idea of the row must be a string, not undefined'],
    [{ ...row, idea: ' ' }, 'idea of the row must say what the design is'],
    [{ ...row, learns: 1 }, 'learns of the row must be a boolean, not 1'],
    [{ ...row, state: {} }, 'state of the row must be a function, not an object'],
    [{ ...row, options: 'pagePool' }, "options of the row must be a list of names, not 'pagePool'"],
    [{ ...row, promises: null }, 'promises of the row must be an object, not null'],
    [{ ...row, promises: {} }, 'userCopies of promises must be a number, not undefined'],
    [{ ...row, freeDispatch: 'x' }, "freeDispatch of the row must be allocator-hook or typed-folio, not 'x'"],
  ])('refuses a row and names what is wrong (%#)', (wrong, message) => {
    expect(() => requireDesign('mine', wrong as Design)).toThrow(refused(`the design 'mine': ${message}`));
  });
});

describe('the state and the parts of a design', () => {
  const { designState } = smallSystem({});

  it('are accepted from the designs of this package', () => {
    expect(requireState('bounce', designState)).toBe(designState);
  });

  it('are refused without a member, which the message names', () => {
    const part: DesignState = Object.assign(Object.create(designState), { close: undefined });
    expect(() => requireState('mine', part)).toThrow(
      refused("the design 'mine': close of what state() returns must be a function, not undefined"),
    );
    const parts = { filler: { fill: () => 0, endSend: () => {} }, lifetime: {}, pageFrag: () => null };
    expect(() => requireParts('mine', parts as unknown as DesignParts)).toThrow(
      refused("the design 'mine': accepts of lifetime must be a function, not undefined"),
    );
  });
});
