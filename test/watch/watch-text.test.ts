import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { heightOf, watchLines } from '../../lib/watch/watch-text.js';
import { WATCH_SAMPLE as SAMPLE } from '../support/watch-sample.js';

const MISSING = { what: 'events', why: 'it is hidden', commands: ['mount it'], otherwise: null } as const;

describe('watchLines', () => {
  it('has a row for each pool and device, and tells what is unknown, lost or missing', () => {
    expect(watchLines({ ...SAMPLE, missing: [MISSING] })).toEqual([
      '2026-11-30T09:52:29.943Z, over 1.0 s',
      '',
      'pool          slots     used   used %  high-water  transient',
      'default       32768      481    1.5 %         852          0',
      'restricted@1   2048  unknown  unknown     unknown    unknown',
      '  used of restricted@1 is unknown: it was below',
      '',
      'device          bounced  attempts/s',
      '0000:00:01.0  29.3 MB/s        4666',
      'nvme [2J          0 B/s           0',
      '3 events were lost: more was bounced than is told',
      '',
      'events are not shown, because it is hidden: run `mount it`',
    ]);
  });

  it('leaves out tables that the host does not show, and says that nothing was bounced', () => {
    const bare = { ...SAMPLE, pools: null, devices: null, lostEvents: null, missing: [MISSING] };
    expect(watchLines(bare).slice(2)).toEqual([expect.stringMatching(/^events are not shown/)]);
    expect(watchLines({ ...SAMPLE, pools: null, devices: [] })).toContain('nothing was bounced since this began');
  });

  const many = Array.from({ length: 41 }, (_, at) => ({
    pool: at === 0 ? '' : `restricted@${at}`,
    slots: 2048,
    used: at,
    highWater: at,
    transient: null,
    unknown: { transient: 'this Linux has none' },
  }));
  const manyDevices = Array.from({ length: 30 }, (_, at) => ({ ...SAMPLE.devices![0]!, device: `nvme${at}` }));

  it('says once why the same counter of all pools is unknown', () => {
    const reasons = watchLines({ ...SAMPLE, pools: many }).filter((line) => line.includes('is unknown'));
    expect(reasons).toEqual(['  transient of all 41 pools is unknown: this Linux has none']);
  });

  it('has fewer rows on a screen that is small, and says how many more there are', () => {
    const sample = { ...SAMPLE, pools: many, devices: manyDevices, lostEvents: 0 };
    const lines = watchLines(sample, { rows: 20, columns: 80 });
    expect(lines.length).toBe(19);
    const rows = (name: RegExp) => lines.filter((line) => name.test(line)).length;
    expect(lines).toContain(`and ${41 - rows(/^(default|restricted@)/)} more pools`);
    expect(lines).toContain(`and ${30 - rows(/^nvme/)} more devices`);
    expect(lines.findIndex((line) => line.startsWith('default'))).toBeGreaterThan(0);
  });

  it('never reaches beyond a screen, and tells all on one that is large enough', () => {
    fc.assert(
      fc.property(
        fc.record({ rows: fc.integer({ min: 2, max: 100 }), columns: fc.integer({ min: 20, max: 200 }) }),
        fc.integer({ min: 0, max: 41 }),
        fc.integer({ min: 0, max: 30 }),
        (screen, pools, devices) => {
          const sample = { ...SAMPLE, pools: many.slice(0, pools), devices: manyDevices.slice(0, devices) };
          const lines = watchLines(sample, screen);
          expect(heightOf(lines, screen.columns)).toBeLessThan(screen.rows);
          const all = watchLines(sample);
          if (heightOf(all, screen.columns) < screen.rows) expect(lines).toEqual(all);
          else expect(lines.join()).toMatch(/and \d+ more (pools|devices|lines)/);
        },
      ),
    );
  });
});
