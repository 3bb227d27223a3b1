import { describe, expect, it } from '@jest/globals';
import { DESIGNS } from '../../../lib/designs/designs.js';
import { ideaLines } from '../../../lib/report/tables/ideas.js';

describe('ideaLines', () => {
  const promises = { bounceCopies: 0, holdsSlots: true };
  const own = [
    { name: 'mine', idea: 'of its own', module: 'mine.js', promises },
    { name: 'other', idea: 'not shown', module: 'mine.js', promises },
  ];

  it('says what the shown designs are, and which module added those that are not of this package', () => {
    const lines = ideaLines((name) => name === 'bounce' || name === 'mine', own);
    expect(lines).toEqual([`design bounce: ${DESIGNS.bounce.idea}`, 'design mine, added by mine.js: of its own']);
  });

  it('needs no list of own designs, which older results do not have', () => {
    expect(ideaLines((name) => name !== 'bounce').length).toBe(Object.keys(DESIGNS).length - 1);
  });
});
