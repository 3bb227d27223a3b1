/** Operations that the recorded traces do not contain. The test of `verify` replays those that they contain. */
import { describe, expect, it } from '@jest/globals';
import type { Operation } from '../../../lib/trace/format/operation.js';
import type { TraceHeader } from '../../../lib/trace/format/trace-header.js';
import { OracleReplay } from '../../../lib/trace/replay/oracle-replay.js';
import { ReplayMemory } from '../../../lib/trace/replay/oracle-setup.js';

const CONFIG: TraceHeader['config'] = {
  name: 'made up',
  kind: 'boot',
  dynamic: false,
  canGrow: false,
  ncpus: 2,
  nslabs: 256,
  nareas: 2,
  pageShift: 12,
  defaultNslabs: 256,
  defaultNareas: 2,
  physBase: 2 ** 30,
  physLimit: -1,
  zoneDmaLimit: 2 ** 24 - 1,
};
const DEVICE = { minAlignMask: 0, segBoundary: -1, dmaMask: -1, busDmaLimit: 0, maxMapping: 262_144 };

const replay = () => new OracleReplay('made-up.jsonl', { v: 1, config: CONFIG, devices: [DEVICE] }, new ReplayMemory());
const operation = (fields: object) => fields as Operation;
const map = (id: number, c = 1) => operation({ o: 'm', id, d: 0, c, a: 2 ** 33, s: 3000, k: 0, dir: 0 });

describe('OracleReplay', () => {
  it('returns what our allocator did in the terms of the format', () => {
    const made = replay();
    const answer = { p: 0, t: 128 * 2048, ps: 0, as: 3000, cp: [[1, 2 ** 33, 128 * 2048, 3000]] };
    expect(made.perform(map(1), 2)).toEqual(answer);
    const sync = operation({ o: 's', id: 1, off: 2000, n: 1500, k: 'c' });
    expect(made.perform(sync, 3)).toMatchObject({ wr: 'B', cp: [[0, 2 ** 33 + 2000, 128 * 2048 + 2000, 1000]] });
    expect(made.perform(operation({ o: 'u', id: 1, at: 32 }), 4)).toMatchObject({ nf: 2, cp: undefined });
    expect(made.perform(operation({ o: 'w' }), 5)).toMatchObject({ ran: 0 });
  });

  it.each([
    ['an unmapping of a mapping that is not there', operation({ o: 'u', id: 9 }), 'nothing is mapped as 9'],
    [
      'a sync of a mapping that is not there',
      operation({ o: 's', id: 9, off: 0, n: 1, k: 'c' }),
      'nothing is mapped as 9',
    ],
    ['a mapping on a CPU that is not there', map(1, 2), 'there is no CPU 2'],
  ])('refuses %s, naming the line of the operation', (_what, asked, why) => {
    const refusal = { code: 'ERR_TRACE_SYNTAX', message: `made-up.jsonl:7: ${why}` };
    expect(() => replay().perform(asked, 7)).toThrow(expect.objectContaining(refusal));
  });
});
