import { constants } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { remedyOf } from '../../lib/addon/refusals.js';
import { isMissingRight, socketRemedyOf } from '../../lib/addon/socket-refusals.js';

const { EAFNOSUPPORT, EBADF, EBUSY, ECONNREFUSED, EINVAL, EMSGSIZE, ENETUNREACH, ENOBUFS, ENODEV, EPERM, EOPNOTSUPP } =
  constants.errno;

describe('the remedy of a refused call of the network', () => {
  it.each([
    [ECONNREFUSED, 'connect', /start the receiver first/],
    [ENETUNREACH, 'connect', /ip route get/],
    [EMSGSIZE, 'send', /at most 65507 bytes/],
    [EPERM, 'send', /firewall/],
    [ENOBUFS, 'send', /optmem_max/],
    [EPERM, 'rtnetlink', /CAP_NET_ADMIN/],
    [EOPNOTSUPP, 'rtnetlink', /modprobe veth/],
    [ENODEV, 'if_nametoindex', /ip link/],
    [EPERM, 'socket(AF_PACKET)', /CAP_NET_RAW/],
    [EPERM, 'socket(AF_XDP)', /CAP_NET_RAW/],
    [EAFNOSUPPORT, 'socket(AF_XDP)', /CONFIG_XDP_SOCKETS/],
    [ENOBUFS, 'setsockopt(XDP_UMEM_REG)', /ulimit -l unlimited/],
    [EBUSY, 'bind(AF_XDP)', /another queue/],
    [EOPNOTSUPP, 'bind(AF_XDP)', /leave out zeroCopy/],
  ])('of error %d of %s says what grants it', (errno, syscall, remedy) => {
    expect(socketRemedyOf(errno, syscall)).toMatch(remedy);
    expect(remedyOf('ERR_SOCKET', { errno, syscall })).toMatch(remedy);
  });

  it('is that of the code for an error that tells of nothing else', () => {
    expect([socketRemedyOf(EBADF, 'send'), socketRemedyOf(undefined, undefined)]).toEqual([undefined, undefined]);
  });
});

describe('a missing right', () => {
  it('is told from a wrong argument and from a receiver that is not there', () => {
    expect([
      isMissingRight(EPERM, 'rtnetlink'),
      isMissingRight(ENOBUFS, 'setsockopt(XDP_UMEM_REG)'),
      isMissingRight(EAFNOSUPPORT, 'socket(AF_XDP)'),
    ]).toEqual([true, true, true]);
    expect([
      isMissingRight(EINVAL, 'bind(AF_XDP)'),
      isMissingRight(ECONNREFUSED, 'connect'),
      isMissingRight(undefined, undefined),
    ]).toEqual([false, false, false]);
  });
});
