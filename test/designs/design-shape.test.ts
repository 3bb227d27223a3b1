import { describe, expect, it } from '@jest/globals';
import { DESIGN_OPTIONS, type Design, type DesignParts, type DesignState } from '../../lib/designs/design.js';
import {
  requireDesign,
  requirePageFrag,
  requireParts,
  requireSharedMemory,
  requireState,
} from '../../lib/designs/design-shape.js';
import { DESIGNS } from '../../lib/designs/designs.js';
import type { SharedMemory } from '../../lib/dma/shared-memory.js';
import type { PageFrag } from '../../lib/page/page-frag.js';
import { smallSystem } from '../machine/fixtures/small-system.js';

const GROUPS = 'userMemory, pins, lending, registration, owners, pagePool';

const refused = (message: string) => expect.objectContaining({ code: 'ERR_DESIGN', message });

describe('requireDesign', () => {
  const row: Design = DESIGNS.bounce;

  it('accepts the rows of this package', () => {
    for (const [name, design] of Object.entries(DESIGNS)) expect(() => requireDesign(name, design)).not.toThrow();
  });

  it('accepts every group of options that belongs to single designs', () => {
    expect(() => requireDesign('mine', { ...row, options: DESIGN_OPTIONS })).not.toThrow();
  });

  it.each([
    [undefined, 'the row must be an object, not undefined'],
    [{ ...row, idea: undefined }, 'idea of the row must be a string, not undefined'],
    [{ ...row, idea: ' ' }, 'idea of the row must say what the design is'],
    [{ ...row, learns: 1 }, 'learns of the row must be a boolean, not 1'],
    [{ ...row, state: {} }, 'state of the row must be a function, not an object'],
    [{ ...row, options: 'pagePool' }, "options of the row must be a list of names, not 'pagePool'"],
    [{ ...row, options: ['pagePool', 'slotPool'] }, `options of the row may name ${GROUPS}, not 'slotPool'`],
    [{ ...row, options: ['ownres'] }, `options of the row may name ${GROUPS}, not 'ownres': did you mean 'owners'?`],
    [{ ...row, options: [7] }, `options of the row may name ${GROUPS}, not 7`],
    [{ ...row, options: [undefined] }, `options of the row may name ${GROUPS}, not undefined`],
    [{ ...row, promises: { ...row.promises, userCopies: 7 } }, 'userCopies of promises must be 0 or 1, not 7'],
    [{ ...row, promises: { ...row.promises, bounceCopies: -3 } }, 'bounceCopies of promises must be 0 or 1, not -3'],
    [{ ...row, promises: { ...row.promises, bounceCopies: NaN } }, 'bounceCopies of promises must be 0 or 1, not NaN'],
    [{ ...row, promises: null }, 'promises of the row must be an object, not null'],
    [{ ...row, promises: {} }, 'userCopies of promises must be a number, not undefined'],
    [
      { ...row, option: ['pagePool'] },
      "option is no member of the row: did you mean 'options'? It has idea, forceBounce, learns, freeDispatch, " +
        'promises, state, options',
    ],
    [
      { ...row, promises: { ...row.promises, userCopy: 1 } },
      "userCopy is no member of promises: did you mean 'userCopies'? It has userCopies, bounceCopies, " +
        'bouncesHeaders, holdsSlots',
    ],
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

  it('are refused where they return a page fragment or shared memory without a method', () => {
    const lacksDrop = { pfn: 0, offset: 0, size: 0, pieces: 0, refill: () => true, dropUnlessOf: () => {} };
    expect(() => requirePageFrag('mine', lacksDrop as unknown as PageFrag)).toThrow(
      refused("the design 'mine': drop of what pageFrag() returns must be a function, not undefined"),
    );
    expect(() => requireSharedMemory('mine', { sharing: () => 0 } as unknown as SharedMemory)).toThrow(
      refused("the design 'mine': holds of what sharedMemory() returns must be a function, not undefined"),
    );
    const shared = designState.sharedMemory();
    expect(requireSharedMemory('bounce', shared)).toBe(shared);
  });
});
