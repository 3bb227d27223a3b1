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
  it('happen only on request, and the last thread to arrive makes the check', () => {
    const pauses = pausesOf(1);
    let checks = 0;
    const check = () => checks++;
    pauses.pass(check, never);
    expect({ checks, pauses: pauses.count }).toEqual({ checks: 0, pauses: 0 });
    pauses.request();
    pauses.pass(check, never);
    pauses.pass(check, never);
    expect({ checks, pauses: pauses.count, isOver: pauses.isOver }).toEqual({ checks: 1, pauses: 1, isOver: false });
    pauses.request();
    pauses.pass(() => pauses.end(), never);
    expect({ pauses: pauses.count, isOver: pauses.isOver }).toEqual({ pauses: 2, isOver: true });
  });

  it('end when the machine is given up', () => {
    const pauses = pausesOf(2);
    let asked = 0;
    pauses.request();
    pauses.pass(
      () => expect('the other one has not come').toBe(''),
      () => ++asked === 3,
    );
    expect({ asked, pauses: pauses.count }).toEqual({ asked: 3, pauses: 0 });
  });
});
