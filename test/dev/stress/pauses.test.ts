import { describe, expect, it } from '@jest/globals';
import { Pauses } from '../../../dev/stress/pauses.js';
import { Arena } from '../../../lib/smp/arena.js';

const pausesOf = (threads: number) => {
  const arena = Arena.for((counting) => new Pauses(counting, threads));
  const pauses = new Pauses(arena, threads);
  pauses.reset();
  return pauses;
};
const never = () => false;

describe('pauses', () => {
  it('are passed by unless somebody wants one, and then looked in by the last to come', () => {
    const pauses = pausesOf(1);
    let looks = 0;
    const look = () => looks++;
    pauses.pass(look, never);
    expect([looks, pauses.count]).toEqual([0, 0]);
    pauses.want();
    pauses.pass(look, never);
    pauses.pass(look, never);
    expect([looks, pauses.count, pauses.isOver]).toEqual([1, 1, false]);
    pauses.want();
    pauses.pass(() => pauses.end(), never);
    expect([pauses.count, pauses.isOver]).toEqual([2, true]);
  });

  it('are waited in until the machine is given up', () => {
    const pauses = pausesOf(2);
    let asked = 0;
    pauses.want();
    pauses.pass(
      () => expect('the other one has not come').toBe(''),
      () => ++asked === 3,
    );
    expect([asked, pauses.count]).toEqual([3, 0]);
  });
});
