import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { DESIGN_NAMES } from '../../lib/designs/designs.js';
import { machineConfig } from '../../lib/machine/build/config.js';
import { InlineMachine } from '../../lib/machine/run/inline-machine.js';
import { CopyList } from '../../lib/memory/copy-list.js';
import { SITE, SITES } from '../../lib/smp/copy-ledger.js';

afterEach(() => {
  jest.restoreAllMocks();
});

describe('the time of copies', () => {
  it.each(DESIGN_NAMES)('is taken at the site at which their bytes are booked: %s', (design) => {
    const listed = new Map<number, number>();
    const push = CopyList.prototype.push;
    jest.spyOn(CopyList.prototype, 'push').mockImplementation(function (this: CopyList, ...copy) {
      const isListed = push.apply(this, copy);
      const [bytes, site] = [copy[4], copy[5]];
      if (isListed) listed.set(site, (listed.get(site) ?? 0) + bytes);
      return isListed;
    });
    using machine = new InlineMachine(
      machineConfig({ design, cpus: { count: 2 }, sockets: { messagesPerSender: 5, senders: 2, learn: 'told' } }),
    );
    machine.run();
    const { copyLedger } = machine.system;
    const booked = SITES.map((site) => [site, copyLedger.sum(site).bytes]);
    expect(SITES.map((site) => [site, listed.get(SITE[site]) ?? 0])).toEqual(booked);
    expect(booked.some(([, bytes]) => (bytes as number) > 0)).toBe(true);
  });
});
