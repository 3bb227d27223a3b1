import { describe, expect, it } from '@jest/globals';
import { Losses } from '../../lib/net/losses.js';
import { inArena } from '../smp/fixtures/cpus.js';

function lossesOf(skbs: number, acks = 0): Losses {
  const losses = inArena((arena) => new Losses(arena, { skbs, acks }, 2, 64));
  losses.reset();
  return losses;
}

/** Which of the first N skbs of a socket are lost. */
function lostOf(losses: Losses, socket: number, count: number): boolean[] {
  return Array.from({ length: count }, () => {
    const before = losses.lostSkbs(socket);
    losses.carry(socket, 0, 10, 0, true);
    return losses.lostSkbs(socket) > before;
  });
}

/** Losses of one socket: skb 0 is lost, later ones arrive. */
function withHole(): Losses {
  const losses = lossesOf(1);
  losses.carry(0, 0, 100, 5000, true);
  return losses;
}

const PROBE_NS = 2e6;

describe('Losses', () => {
  it('loses the configured share, different skbs for each socket, and the same ones in every run', () => {
    const losses = lossesOf(0.25);
    const first = lostOf(losses, 0, 4000);
    const second = lostOf(losses, 1, 4000);
    for (const lost of [first, second]) expect(Math.abs(lost.filter(Boolean).length - 1000)).toBeLessThan(120);
    expect(second).not.toEqual(first);
    losses.reset();
    expect({ lostSkbs: losses.lostSkbs(0), carriedBytes: losses.carriedBytes(0) }).toEqual({
      lostSkbs: 0,
      carriedBytes: 0,
    });
    expect(lostOf(losses, 0, 4000)).toEqual(first);
    expect(losses.carriedBytes(0)).toBe(40_000);
  });

  it('delivers each skb once when it may lose none', () => {
    const losses = lossesOf(1);
    losses.carry(0, 3, 10, 0, false);
    expect({
      lostSkbs: losses.lostSkbs(0),
      takeArrived4: losses.takeArrived(0, 4),
      takeArrived3: losses.takeArrived(0, 3),
    }).toEqual({ lostSkbs: 0, takeArrived4: false, takeArrived3: true });
    expect(losses.takeArrived(0, 3)).toBe(false);
  });

  it('takes a missing skb for lost after three later arrivals, once', () => {
    const losses = withHole();
    const arrives = (skb: number) => {
      losses.carry(0, skb, 100, 5000, false);
      return losses.takeLost(0, 0, 5000);
    };
    expect({ takeArrived: losses.takeArrived(0, 0), takeLost: losses.takeLost(0, 0, 5000) }).toEqual({
      takeArrived: false,
      takeLost: false,
    });
    expect({ arrivesOf1: arrives(1), arrivesOf2: arrives(2), arrivesOf3: arrives(3) }).toEqual({
      arrivesOf1: false,
      arrivesOf2: false,
      arrivesOf3: true,
    });
    expect(losses.takeLost(0, 0, 1e18)).toBe(false);
    losses.carry(0, 0, 100, 6000, false);
    for (const skb of [0, 1, 2, 3]) expect(losses.takeArrived(0, skb)).toBe(true);
    losses.carry(0, 4, 100, 6000, true);
    expect(losses.takeLost(0, 4, 6000)).toBe(false); // skbs that arrived early are in order now
  });

  it('takes a missing skb for lost after a while when nothing follows', () => {
    const losses = withHole();
    expect([losses.takeLost(0, 0, 5000 + PROBE_NS - 1), losses.takeLost(0, 0, 5000 + PROBE_NS)]).toEqual([false, true]);
  });

  it('can lose the same skb again', () => {
    const losses = withHole();
    losses.takeLost(0, 0, 1e9);
    losses.carry(0, 0, 100, 2e9, true);
    expect({
      takeLostOf0_0_2e9: losses.takeLost(0, 0, 2e9),
      takeLostOf0_0: losses.takeLost(0, 0, 2e9 + PROBE_NS),
      lostSkbs: losses.lostSkbs(0),
    }).toEqual({ takeLostOf0_0_2e9: false, takeLostOf0_0: true, lostSkbs: 2 });
  });

  it('loses acknowledgements independently of skbs, the same ones in every run', () => {
    const losses = lossesOf(0.5, 0.25);
    const lost = () => Array.from({ length: 4000 }, () => losses.losesAck(1, 0));
    const first = lost();
    expect(Math.abs(first.filter(Boolean).length - 1000)).toBeLessThan(120);
    losses.reset();
    lostOf(losses, 1, 100);
    expect(lost()).toEqual(first);
  });

  it('takes an skb whose acknowledgement is lost for lost after a while, one skb at a time', () => {
    const losses = lossesOf(0, 1);
    expect(losses.losesAck(0, 5000)).toBe(true);
    expect([losses.seemsLost(0, 5000 + PROBE_NS - 1), losses.seemsLost(0, 5000 + PROBE_NS)]).toEqual([false, true]);
    losses.repeat(0, 7);
    expect({
      isRepeatingOf0: losses.isRepeating(0),
      isRepeatingOf1: losses.isRepeating(1),
      seemsLost: losses.seemsLost(0, 1e18),
    }).toEqual({ isRepeatingOf0: true, isRepeatingOf1: false, seemsLost: false });
    expect([losses.takeRepeat(0, 6, 10), losses.takeRepeat(0, 7, 10), losses.takeRepeat(0, 7, 10)]).toEqual([
      false,
      true,
      false,
    ]);
    expect({
      isRepeating: losses.isRepeating(0),
      repeats: losses.repeats(0),
      carriedBytes: losses.carriedBytes(0),
    }).toEqual({ isRepeating: false, repeats: 1, carriedBytes: 10 });
    losses.repeat(0, 8);
    losses.forgoRepeat(0);
    expect({
      isRepeating: losses.isRepeating(0),
      takeRepeat: losses.takeRepeat(0, 8, 10),
      repeats: losses.repeats(0),
    }).toEqual({ isRepeating: false, takeRepeat: false, repeats: 1 });
  });
});
