/**
 * Calls of two CPUs on words that both change: whatever the second does between two atomic operations of the first,
 * both end as if one had come after the other. A count that is loaded and stored instead of added to is found here.
 */
import { describe, expect, it } from '@jest/globals';
import { outcomes, type TwoCalls } from '../support/interleave.js';
import { NETWORK } from './scenes/network.js';
import { OWNERS } from './scenes/owners.js';
import { PAGES } from './scenes/pages.js';

/** What two calls and their end return, when the second comes after the first, and before it. */
function inOrder(make: () => TwoCalls): unknown[] {
  const [after, before] = [make(), make()];
  const firstThenSecond = [after.first(), after.second(), after.end?.()];
  const earlier = before.second();
  return [firstThenSecond, [before.first(), earlier, before.end?.()]];
}

describe.each([
  ['pages and slots', PAGES],
  ['owners', OWNERS],
  ['the network', NETWORK],
])('calls of two CPUs on %s', (_, scenes) => {
  it.each(Object.keys(scenes))('end as if one had come after the other: %s', (name) => {
    const make = scenes[name]!;
    const allowed = inOrder(make);
    for (const way of outcomes(make)) expect(allowed).toContainEqual(way);
  });
});
