import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parseSidecar, type Sidecar } from '../../../lib/capture/occupancy/sidecar.js';
import { isTransmit, type ReplayOptions, settingOf } from '../../../lib/capture/replay/replay-options.js';
import { mappingOf } from '../mapping-of.js';

const CAPTURE = fileURLToPath(
  new URL('../../../../test/fixtures/captures/kp-full-nvme-k6.12.trace.gz', import.meta.url),
);

describe('settingOf()', () => {
  it('takes what is given, then what stands beside the capture, then what Linux has by default', () => {
    expect(settingOf(CAPTURE, {})).toMatchObject({
      shape: { slots: 2048, areas: 4 },
      sizeFrom: 'sidecar',
      startUsed: 511,
      startUsedFrom: 'sidecar',
      holds: { defaultNs: 1e6 },
    });
    expect(settingOf(CAPTURE, { pool: { slots: 256, areas: 2 }, startUsed: 0 })).toMatchObject({
      shape: { slots: 256, areas: 2 },
      sizeFrom: 'given',
      startUsed: 0,
      startUsedFrom: 'given',
    });
    for (const [source, options] of [[process.stdin, {}] as const, [CAPTURE, { sidecar: null }] as const]) {
      expect(settingOf(source, options)).toMatchObject({
        shape: { slots: 32768, areas: 1 },
        sizeFrom: 'assumed',
        startUsed: 0,
        startUsedFrom: 'assumed',
        sidecar: null,
      });
    }
  });

  it('refuses more slots in use than there are, and says who says so', () => {
    expect(() => settingOf(CAPTURE, { startUsed: 3000 })).toThrow('3000 slots cannot be in use in a pool of 2048');
    const sidecar = parseSidecar({ debugfs_before: { used: 5000, nslabs: 1024 } }, 'noted.json') as Sidecar;
    expect(() => settingOf('nowhere', { sidecar })).toThrow(
      expect.objectContaining({
        code: 'ERR_OUT_OF_RANGE',
        message: '5000 slots, as noted.json notes, cannot be in use in a pool of 1024',
      }),
    );
  });

  it('takes what of a sidecar is known', () => {
    const sidecar = parseSidecar({ debugfs_before: { used: 7 } }, 'x') as Sidecar;
    expect(settingOf('nowhere', { sidecar })).toMatchObject({
      sizeFrom: 'assumed',
      startUsed: 7,
      startUsedFrom: 'sidecar',
    });
  });

  it.each([
    [{ startUsed: -1 }, 'ERR_OUT_OF_RANGE'],
    [{ startUsed: 1.5 }, 'ERR_OUT_OF_RANGE'],
    [{ pace: 'slow' }, 'ERR_OUT_OF_RANGE'],
    [{ repeatMs: -1 }, 'ERR_OUT_OF_RANGE'],
    [{ holds: { defaultNs: Number.NaN, byDevice: new Map() } }, 'ERR_OUT_OF_RANGE'],
    [{ holds: { defaultNs: 1, byDevice: new Map([['e', -1]]) } }, 'ERR_OUT_OF_RANGE'],
    [{ startused: 1 }, 'ERR_UNKNOWN_OPTION'],
  ])('refuses %j', (options, code) => {
    expect(() => settingOf(CAPTURE, options as ReplayOptions)).toThrow(expect.objectContaining({ code }));
  });
});

describe('isTransmit()', () => {
  it.each([
    ['to-device', 1536, true],
    ['both', 1536, true],
    ['from-device', 64, false],
    ['none', 64, false],
    [null, 64, true],
    [null, 1536, false],
  ] as const)('says of direction %s and %d bytes %s', (direction, size, expected) => {
    expect(isTransmit(mappingOf({ direction, size }), [1536])).toBe(expected);
  });
});
