/** What the designs of a report are, one line for each. */
import type { ResultDocument } from '../../bench/result/result.js';
import { DESIGN_FACTS } from '../../designs/design-table.js';

/** Says what the designs are that `isShown` returns true for: those of this package, and then those of the result. */
export function ideaLines(isShown: (name: string) => boolean, own: ResultDocument['ownDesigns'] = []): string[] {
  const designs = Object.entries(DESIGN_FACTS).filter(([name]) => isShown(name));
  const added = own.filter(({ name }) => isShown(name));
  return [
    ...designs.map(([name, { idea }]) => `design ${name}: ${idea}`),
    ...added.map(({ name, idea, module }) => `design ${name}, added by ${module}: ${idea}`),
  ];
}
