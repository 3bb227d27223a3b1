import { describe, expect, it } from '@jest/globals';
import { DRIVER_AND_BEGIN, deviceBefore } from '../../lib/explain/device-before.js';
import { RECORD } from '../../lib/explain/folded-pattern.js';

const before = (text: string) => deviceBefore(text, text.length);

describe('the device before a message', () => {
  it('is found with its words', () => {
    const words = 'nvme 0000:00:01.0: DMAR: ';
    expect(before(`x. ${words}`)).toEqual({ device: '0000:00:01.0', words, length: words.length });
    expect(before('it says: ')).toBeNull();
  });

  it('is put together where a break divides it, at the begin of a record only', () => {
    expect(before(`${RECORD}virtio_net virt\nio0: `)).toEqual({
      device: 'virtio0',
      words: 'virtio_net virtio0: ',
      length: 'virtio_net virt\nio0: '.length,
    });
    expect(before(`${RECORD}vc4-\ndrm gpu: `)).toMatchObject({ device: 'gpu', words: 'vc4-drm gpu: ' });
    expect(before(`${RECORD}virtio_net\nvirtio0: `)).toMatchObject({ device: 'virtio0' });
    expect(before(`${RECORD}virtio_net virtio0\n: `)).toMatchObject({ device: 'virtio0' });
    expect(before('to be\nio0: ')).toMatchObject({ device: 'io0' });
  });

  it('may be begun by a first line that looks like a driver and a device', () => {
    for (const line of ['virtio_net virt', 'nvme 0000:0', 'vc4-drm g']) expect(line).toMatch(DRIVER_AND_BEGIN);
    for (const line of ['first line', 'nvme0', 'see this: usb 1', 'dmesg output:'])
      expect(line).not.toMatch(DRIVER_AND_BEGIN);
  });
});
