import { describe, expect, it, jest } from '@jest/globals';
import { ControlOperations } from '../../../benchmarks/control-cost/control-operations.js';
import { ControlTurns } from '../../../benchmarks/control-cost/control-turns.js';
import { nativeClock } from '../../../lib/bench/host/clock.js';

describe('ControlTurns', () => {
  it('measures each operation on two machines in turn', () => {
    const run: ControlOperations[] = [];
    const { named } = ControlOperations.prototype;
    const spy = jest.spyOn(ControlOperations.prototype, 'named').mockImplementation(function (
      this: ControlOperations,
      name,
    ) {
      const operation = named.call(this, name);
      return (count) => {
        if (run.at(-1) !== this) run.push(this);
        return operation(count);
      };
    });
    const turns = new ControlTurns(8 << 20);
    try {
      for (let sample = 0; sample < 4; sample++) turns.sample('crossing-copy=1', 16, nativeClock());
      expect(run).toHaveLength(4);
      expect(run.slice(2)).toEqual(run.slice(0, 2));
      expect(run[0]).not.toBe(run[1]);
    } finally {
      spy.mockRestore();
      turns.close();
    }
  });
});
