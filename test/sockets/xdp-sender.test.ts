import { constants } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { Region } from '../../lib/memory/region.js';
import { XdpSender, type XdpSenderOptions } from '../../lib/sockets/xdp-sender.js';
import { inNamespace } from './fixtures/in-namespace.js';
import type { LinksOutcome } from './fixtures/links-child.js';
import type { XdpOutcome } from './fixtures/xdp-child.js';

const codeOf = (call: () => unknown) => {
  try {
    call();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return null;
};

describe('XdpSender', () => {
  it('transmits frames out of bounce pages of a slot pool, whose bytes arrive, and all pages are freed', () => {
    const outcome = inNamespace<XdpOutcome>('xdp-child');
    if (outcome === null) return;
    expect(outcome).toEqual({
      sent: 1000,
      same: 1000,
      blocks: outcome.freed,
      freed: outcome.blocks,
      usedSlots: 0,
      inFlight: 0,
    });
  });

  it('refuses frames that Linux would drop without a word, and hostile names and addresses of interfaces', () => {
    const outcome = inNamespace<LinksOutcome>('links-child');
    if (outcome === null) return;
    expect(outcome).toEqual({
      frames: outcome.expectedFrames,
      expectedFrames: outcome.expectedFrames,
      calls: 2000,
      strange: [],
    });
  });

  it('says that there is no such interface', () => {
    using region = Region.create({ bytes: 8192, lock: 'no' });
    const open = () => XdpSender.open({ interface: 'no-such-link', region });
    const details = expect.objectContaining({ errno: constants.errno.ENODEV, syscall: 'if_nametoindex' });
    expect(open).toThrow(expect.objectContaining({ code: 'ERR_SOCKET', details }));
    expect(open).toThrow(/no-such-link/);
  });

  it.each<[string, Record<string, unknown>]>([
    ['ERR_INVALID_ARG_TYPE', { interface: 5 }],
    ['ERR_INVALID_ARG_TYPE', { region: {} }],
    ['ERR_INVALID_ARG_TYPE', { zeroCopy: 'yes' }],
    ['ERR_OUT_OF_RANGE', { queue: -1 }],
    ['ERR_OUT_OF_RANGE', { queue: 65536 }],
    ['ERR_OUT_OF_RANGE', { offset: 2048 }],
    ['ERR_OUT_OF_RANGE', { offset: 65536 }],
    ['ERR_OUT_OF_RANGE', { bytes: 3000 }],
    ['ERR_OUT_OF_RANGE', { bytes: 0 }],
    ['ERR_OUT_OF_RANGE', { bytes: 131072 }],
    ['ERR_OUT_OF_RANGE', { frameBytes: 1024 }],
    ['ERR_OUT_OF_RANGE', { frameBytes: 8192 }],
    ['ERR_NOT_POWER_OF_TWO', { frameBytes: 3000 }],
    ['ERR_NOT_POWER_OF_TWO', { ringFrames: 100 }],
    ['ERR_OUT_OF_RANGE', { ringFrames: 2 ** 17 }],
    ['ERR_UNKNOWN_OPTION', { frames: 5 }],
  ])('is refused with %s for %j', (code, wrong) => {
    using region = Region.create({ bytes: 65536, lock: 'no' });
    const options = { interface: 'lo', region, ...wrong } as unknown as XdpSenderOptions;
    expect(codeOf(() => XdpSender.open(options))).toBe(code);
  });

  it('is refused for a region that is closed, and without options', () => {
    const region = Region.create({ bytes: 8192, lock: 'no' });
    region.close();
    expect(codeOf(() => XdpSender.open({ interface: 'lo', region }))).toBe('ERR_REGION_CLOSED');
    expect(codeOf(() => XdpSender.open(undefined as unknown as XdpSenderOptions))).toBe('ERR_INVALID_ARG_TYPE');
  });
});
