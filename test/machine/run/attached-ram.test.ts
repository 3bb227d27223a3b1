import { afterEach, describe, expect, it } from '@jest/globals';
import { AttachedRam } from '../../../lib/machine/run/attached-ram.js';
import { Region } from '../../../lib/memory/region.js';

const made: Region[] = [];
const regionOf = (first: number) => {
  const region = Region.create({ bytes: 1 << 16, lock: 'no', hugePages: 'never' });
  new Uint8Array(region.buffer)[0] = first;
  made.push(region);
  return region;
};
afterEach(() => {
  for (const region of made.splice(0)) region.close();
});

// This thread has made the regions, and closing counts per Region: an attachment that is closed leaves them open.
describe('AttachedRam', () => {
  it('attaches the region of an id, keeps it for the same id, and lets go of it for another one', () => {
    const [one, other] = [regionOf(1), regionOf(2)];
    const attached = new AttachedRam();
    const first = attached.attach(one.id);
    expect(attached.attach(one.id)).toBe(first);
    expect(new Uint8Array(first.buffer)[0]).toBe(1);
    expect(new Uint8Array(attached.attach(other.id).buffer)[0]).toBe(2);
    expect(first.buffer.byteLength).toBe(0);
  });

  it('attaches another region after an id that is none', () => {
    const attached = new AttachedRam();
    attached.attach(regionOf(1).id);
    expect(() => attached.attach(2 ** 30)).toThrow(expect.objectContaining({ code: 'ERR_REGION_CLOSED' }));
    expect(new Uint8Array(attached.attach(regionOf(3).id).buffer)[0]).toBe(3);
  });

  it('lets go of its region when it is told to, and attaches it again later', () => {
    const one = regionOf(1);
    const attached = new AttachedRam();
    const first = attached.attach(one.id);
    attached.release();
    attached.release();
    expect(first.buffer.byteLength).toBe(0);
    expect(new Uint8Array(attached.attach(one.id).buffer)[0]).toBe(1);
    attached.release();
    one.close();
    expect(() => attached.attach(one.id)).toThrow(expect.objectContaining({ code: 'ERR_REGION_CLOSED' }));
  });
});
