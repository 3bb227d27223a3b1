/** What a sending process opens where Linux refuses one call and no other, on calls of the addon that a test plays. */
import { constants } from 'node:os';
import { describe, expect, it, jest } from '@jest/globals';
import * as real from '../../../lib/addon/addon.js';
import type { ConnectSpec } from '../../../lib/addon/network-addon.js';
import { Region } from '../../../lib/memory/region.js';

type Calls = Partial<ReturnType<typeof real.addon>>;

const { ENOPROTOOPT, EOPNOTSUPP } = constants.errno;
let played = real.addon();
jest.unstable_mockModule('../../../lib/addon/addon.js', () => ({ ...real, addon: () => played }));
const { SendEnds } = await import('../../../benchmarks/kernel-send/send-ends.js');

function refuse(syscall: string, errno: number): never {
  const details = { errno, syscall };
  throw Object.assign(new Error(`${syscall} was refused`), { code: 'ERR_SOCKET', details });
}

/** What is opened in a namespace where all calls but these succeed. */
function endsWith(calls: Calls) {
  let last = 0;
  const open = () => ++last;
  const done = () => {};
  const links: Calls = { linkPair: done, linkUp: done, linkAddress: done, linkNeighbour: done };
  const sockets: Calls = { socketToItself: open, socketConnect: open, socketSend: () => 1, fileOf: open };
  played = { ...real.addon(), ...links, ...sockets, socketAwaitCompletions: () => true, ...calls };
  using source = Region.create({ bytes: 4096, lock: 'no' });
  const { ways, gaps } = new SendEnds(source, true);
  return { ways, gaps: gaps.map(({ what, reason, remedy }) => ({ what, reason, remedy })) };
}

describe('what a sending process opens', () => {
  it('is all that it may', () => {
    expect(endsWith({})).toEqual({ ways: ['tcp', 'sendfile', 'splice', 'udp', 'udp-zerocopy'], gaps: [] });
  });

  it('leaves out devices alone where Linux makes no pair of them', () => {
    expect(endsWith({ linkPair: () => refuse('rtnetlink', EOPNOTSUPP) })).toEqual({
      ways: ['tcp', 'sendfile', 'splice'],
      gaps: [
        { what: 'UDP over veth', reason: 'rtnetlink was refused', remedy: expect.stringContaining('modprobe veth') },
      ],
    });
  });

  it('leaves out sends without a copy alone where Linux has no such socket', () => {
    const socketConnect = ({ zeroCopy }: ConnectSpec) =>
      zeroCopy ? refuse('setsockopt(SO_ZEROCOPY)', ENOPROTOOPT) : 9;
    expect(endsWith({ socketConnect })).toEqual({
      ways: ['tcp', 'sendfile', 'splice', 'udp'],
      gaps: [
        {
          what: 'UDP without a copy',
          reason: 'setsockopt(SO_ZEROCOPY) was refused',
          remedy: expect.stringContaining('Linux 5.0'),
        },
      ],
    });
  });

  it('closes the socket of sends without a copy where Linux takes none', () => {
    const closed: number[] = [];
    const { ways, gaps } = endsWith({
      socketConnect: ({ zeroCopy }) => (zeroCopy ? 77 : 9),
      socketSend: () => refuse('send', constants.errno.ENOBUFS),
      socketClose: (socket) => closed.push(socket),
    });
    expect({ hasZeroCopy: ways.includes('udp-zerocopy'), what: gaps.map(({ what }) => what), closed }).toEqual({
      hasZeroCopy: false,
      what: ['UDP without a copy'],
      closed: [77],
    });
  });
});
