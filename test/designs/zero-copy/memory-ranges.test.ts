import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemoryRanges } from '../../../lib/designs/zero-copy/memory-ranges.js';
import { checksum } from '../../../lib/memory/copy.js';
import { Region } from '../../../lib/memory/region.js';
import { RegionWindows } from '../../../lib/memory/region-windows.js';
import { sendingRig, USER } from './fixtures/sending-rig.js';

const PAGE = 4096;

describe('MemoryRanges', () => {
  it('makes a fragment of each page, and continues the last one', () => {
    const { ranges, skbs, fragments } = sendingRig();
    skbs.init(0, 0);
    ranges.hang(0, USER + 100, PAGE);
    ranges.hang(0, USER + 100 + PAGE, 50);
    expect(fragments(0)).toEqual([
      [100, PAGE],
      [PAGE, PAGE + 150],
    ]);
    expect(skbs.bytes(0)).toBe(PAGE + 50);
  });

  it('makes a fragment of each folio where these are larger', () => {
    const { ranges, skbs, fragments } = sendingRig(65536);
    skbs.init(0, 0);
    ranges.hang(0, USER + 65536 - 10, 65000);
    expect(fragments(0)).toEqual([
      [65526, 65536],
      [65536, 130526],
    ]);
  });

  it('finds room for 17 pages, and for the rest of the page that the last fragment ends in', () => {
    const { ranges, skbs } = sendingRig();
    skbs.init(0, 0);
    expect(ranges.fits(0, USER + PAGE - 1, 100_000)).toBe(65_536);
    for (let page = 0; page < 16; page++) ranges.hang(0, USER + 2 * page * PAGE, 100);
    expect(ranges.fits(0, USER + 10, 2 * PAGE)).toBe(PAGE - 10);
    expect(ranges.fits(0, USER + 30 * PAGE + 100, 3 * PAGE)).toBe(2 * PAGE - 100);
    ranges.hang(0, USER + 40 * PAGE, 100);
    expect(ranges.fits(0, USER + 10, PAGE)).toBe(0);
    expect(ranges.fits(0, USER + 40 * PAGE + 100, PAGE)).toBe(PAGE - 100);
  });

  it('hangs every byte once and in order, and never more than fits', () => {
    const call = fc.record({ from: fc.integer({ min: 0, max: 1 << 19 }), bytes: fc.integer({ min: 1, max: 70_000 }) });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 30 }), fc.constantFrom(4096, 16_384, 65_536), (calls, pageBytes) => {
        const { ranges, skbs, fragments } = sendingRig(pageBytes);
        skbs.init(0, 0);
        const sent: [number, number][] = [];
        for (const { from, bytes } of calls) {
          const length = ranges.fits(0, USER + from, bytes);
          if (length === 0) continue;
          ranges.hang(0, USER + from, length);
          const last = sent.at(-1);
          if (last !== undefined && last[1] === from) last[1] += length;
          else sent.push([from, from + length]);
        }
        expect(skbs.frags(0)).toBeLessThanOrEqual(17);
        const joined: [number, number][] = [];
        for (const [begin, end] of fragments(0) as [number, number][]) {
          expect(Math.floor(begin / pageBytes)).toBe(Math.floor((end - 1) / pageBytes));
          const last = joined.at(-1);
          if (last !== undefined && last[1] === begin) last[1] = end;
          else joined.push([begin, end]);
        }
        expect(joined).toEqual(sent);
        expect(skbs.bytes(0)).toBe(sent.reduce((sum, [begin, end]) => sum + end - begin, 0));
      }),
    );
  });

  it('notes the CRC of what was hung, in the machine or in a region beside it', () => {
    const { cpu, skbs } = sendingRig();
    using ram = Region.create({ bytes: 8192, lock: 'no' });
    using other = Region.create({ bytes: 8192, lock: 'no' });
    const windows = new RegionWindows(new Int32Array(2));
    const address = windows.open(other);
    const ranges = new MemoryRanges(cpu, skbs, PAGE, { copyKernel: 0, ramRegion: ram.id, check: true, windows });
    skbs.init(0, 0);
    ranges.note(0, 100, 200);
    expect(skbs.crc(0)).toBe(checksum(ram.id, 100, 200));
    ranges.note(0, address + 4000, 300);
    expect(skbs.crc(0)).toBe(checksum(other.id, 4000, 300, checksum(ram.id, 100, 200)));
  });
});
