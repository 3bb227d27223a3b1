/** What to do about a call of Linux's network that it refused, by call and error number. */
import { constants } from 'node:os';

const { EACCES, EADDRNOTAVAIL, EAFNOSUPPORT, EBUSY, ECONNREFUSED, ECONNRESET, EHOSTUNREACH } = constants.errno;
const { EINVAL, EMFILE, EMSGSIZE, ENETDOWN, ENETUNREACH, ENFILE, ENOBUFS, ENODEV } = constants.errno;
const { ENXIO, EOPNOTSUPP, EPERM, EPIPE, EPROTONOSUPPORT, ETIMEDOUT } = constants.errno;

const NO_ROUTE = 'look at the route (`ip route get ADDRESS`), and whether its interface is up (`ip link`)';
const NO_PEER = 'connect again: the receiver closed the connection; its own log says why';
const MORE_FILES = 'close senders that are not used any more, or raise the limit on open files (`ulimit -n`)';
const CAP_NET_RAW = 'run it as root or with CAP_NET_RAW, or in a network namespace of its own (`unshare -Urn`)';

/** Remedies of one call, by error number. */
type Remedies = Readonly<Record<number, string>>;

const OF_ANY_CALL: Remedies = {
  [ECONNREFUSED]: 'start the receiver first, and look at address and port: no program listens there',
  [ENETUNREACH]: NO_ROUTE,
  [EHOSTUNREACH]: NO_ROUTE,
  [ENETDOWN]: NO_ROUTE,
  [EADDRNOTAVAIL]: 'close connections to that address: no port of this host is left for another',
  [ETIMEDOUT]: 'look at whether the receiver runs and a firewall drops packets to it, or wait longer (timeoutMs)',
  [ECONNRESET]: NO_PEER,
  [EPIPE]: NO_PEER,
  [EMSGSIZE]: 'send smaller datagrams: at most 65507 bytes, or a segment of at most the MTU less 28 bytes',
  [EPERM]: 'allow it in the firewall (`nft list ruleset`) or the seccomp profile of the container',
  [EACCES]: 'choose another address: this one is of a broadcast, or a firewall or security module refuses it',
  [ENOBUFS]: 'wait for completions before the next send, or raise net.core.optmem_max or locked memory (`ulimit -l`)',
  [EMFILE]: MORE_FILES,
  [ENFILE]: MORE_FILES,
  [ENODEV]: 'name an interface that `ip link` lists; each network namespace has its own',
};

const OF_LINKS: Remedies = {
  [EPERM]: 'run it as root or with CAP_NET_ADMIN, or in a network namespace of its own (`unshare -Urn`)',
  [EOPNOTSUPP]: 'load the driver (`modprobe veth`), or use a Linux with CONFIG_VETH',
};

const BY_CALL: Readonly<Record<string, Remedies>> = {
  rtnetlink: OF_LINKS,
  if_nametoindex: { [EPERM]: CAP_NET_RAW, [ENXIO]: OF_ANY_CALL[ENODEV]! },
  'socket(AF_PACKET)': {
    [EPERM]: CAP_NET_RAW,
    [EAFNOSUPPORT]: 'use a Linux with CONFIG_PACKET (`modprobe af_packet`)',
  },
  'socket(AF_XDP)': {
    [EPERM]: CAP_NET_RAW,
    [EAFNOSUPPORT]: 'use a Linux with CONFIG_XDP_SOCKETS, of 4.18 or later',
    [EPROTONOSUPPORT]: 'use a Linux with CONFIG_XDP_SOCKETS, of 4.18 or later',
  },
  'setsockopt(XDP_UMEM_REG)': {
    [ENOBUFS]:
      'raise the limit on locked memory for all of it (`ulimit -l unlimited`, LimitMEMLOCK=, --ulimit memlock=-1), ' +
      'or register fewer bytes: CAP_IPC_LOCK of a user namespace does not count',
    [EINVAL]: 'pass memory that begins on a page and is a multiple of frameBytes',
  },
  'bind(AF_XDP)': {
    [EBUSY]: 'close what else has a socket of AF_XDP on this queue, or choose another queue',
    [EINVAL]: 'choose a queue that the interface has (`ls /sys/class/net/NAME/queues`)',
    [EOPNOTSUPP]: 'leave out zeroCopy: the driver of this interface cannot read the memory itself',
  },
  sendto: {
    [ENETDOWN]: 'bring up both ends of the link (`ip link set NAME up`)',
    [EMSGSIZE]: 'send frames of at most the MTU and 14 bytes of header',
  },
  'setsockopt(UDP_SEGMENT)': { [EINVAL]: 'choose segmentBytes of at most the MTU less 28 bytes' },
};

/**
 * Errors that tell of a right or a part of Linux that is missing, whatever is asked for: what a program on another host
 * would not meet.
 */
const MISSING: Readonly<Record<string, readonly number[]>> = {
  rtnetlink: [EPERM, EACCES, EOPNOTSUPP],
  'socket(AF_PACKET)': [EPERM, EACCES, EAFNOSUPPORT],
  'socket(AF_XDP)': [EPERM, EACCES, EAFNOSUPPORT, EPROTONOSUPPORT],
  'setsockopt(XDP_UMEM_REG)': [EPERM, ENOBUFS],
  'bind(AF_XDP)': [EPERM, EOPNOTSUPP],
};

/** Returns what to do about a call of the network; undefined if the remedy of its code fits. */
export function socketRemedyOf(errno: unknown, syscall: unknown): string | undefined {
  if (typeof errno !== 'number') return undefined;
  return BY_CALL[String(syscall)]?.[errno] ?? OF_ANY_CALL[errno];
}

/** Whether a call was refused for want of a right or of a part of Linux. */
export function isMissingRight(errno: unknown, syscall: unknown): boolean {
  return MISSING[String(syscall)]?.includes(errno as number) ?? false;
}
