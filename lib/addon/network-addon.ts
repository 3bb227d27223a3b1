/**
 * What the addon does with the network of Linux: sockets that send from regions, and interfaces of a network namespace.
 * Sockets are numbers that hold in the thread that opened them; all are closed with their thread. Whatever Linux
 * refuses is thrown as ERR_SOCKET with errno and syscall.
 */

/** A socket that sends. */
export interface ConnectSpec {
  /** 0: TCP, 1: UDP. */
  protocol: number;
  /** Of IPv4. */
  address: string;
  port: number;
  /** Of UDP: into how many bytes each Linux cuts what is sent at once; 0: one datagram. */
  segmentBytes: number;
  /** Linux sends the memory itself, and tells when it is done with it. */
  zeroCopy?: boolean;
  /** Send buffer; 0: as Linux has it. */
  bufferBytes: number;
  /** How long a connection may take. The call blocks. */
  timeoutMs: number;
}

/** What Linux has told of sends without a copy, modulo 2^32. */
export interface SendCompletions {
  /** Sends that Linux tells of. */
  sends: number;
  /** Of these, those it is done with. */
  completed: number;
  /** Of these, those that it copied after all. */
  copied: number;
}

/** Messages of `bytes`, from a span that they walk cyclically in steps rounded up to 64. */
export interface TimedSendSpec {
  /** Of `socketConnect` or `socketToItself`. */
  socket: number;
  /** 0: send, 1: sendfile, 2: splice. The last two need a socket of `socketToItself`. */
  call: number;
  /** That is sent; 0 and unused for a file. */
  region: number;
  /** Where in the region, or in the file, the walk begins. */
  offset: number;
  /** Bytes that are walked, at least `bytes`. */
  span: number;
  /** Of `fileOf`; 0 for a region. */
  file: number;
  bytes: number;
  messages: number;
  /** Bytes of one call at most. */
  mostAtOnce: number;
  /** Where what arrives is read to, one message behind the other. */
  toRegion: number;
  toOffset: number;
  /** 0: what arrives is thrown away unread. */
  toSpan: number;
  /** Evicts a message from all caches before it is sent. */
  flush?: boolean;
}

/** A socket of AF_XDP that transmits. */
export interface XdpSpec {
  interface: string;
  queue: number;
  /** Memory that is registered; its begin lies on a page. */
  region: number;
  offset: number;
  bytes: number;
  /** 2048 or 4096. */
  frameBytes: number;
  /** Power of two. */
  ringFrames: number;
  /** The device reads the memory itself; otherwise Linux copies each frame. */
  zeroCopy?: boolean;
}

export interface NetworkAddon {
  /** Makes two virtual Ethernet devices, each the other end of the other. */
  linkPair(name: string, peer: string): void;
  linkUp(name: string): void;
  linkAddress(name: string, address: string, prefix: number): void;
  /** `hardwareAddress`: 48 bits. */
  linkNeighbour(name: string, address: string, hardwareAddress: number): void;
  socketConnect(spec: ConnectSpec): number;
  /** Two sockets of TCP that are connected over loopback, under one number. */
  socketToItself(bufferBytes: number): number;
  /** Returns the bytes that Linux took, -1 where there is no room now. Never waits. */
  socketSend(socket: number, region: number, offset: number, bytes: number): number;
  /** Waits until there is room, or an error to tell, and returns false if there was none in time. Blocks. */
  socketAwaitRoom(socket: number, timeoutMs: number): boolean;
  /** Waits until Linux is done with all sends, and returns false if it was not in time. Blocks. */
  socketAwaitCompletions(socket: number, timeoutMs: number): boolean;
  socketCompletions(socket: number): SendCompletions;
  /** Idempotent. */
  socketClose(socket: number): void;
  /** Returns a file without a name in the page cache, which holds the bytes. */
  fileOf(region: number, offset: number, bytes: number): number;
  fileClose(file: number): void;
  /**
   * Writes, of all messages together: nanoseconds in calls that send, in calls that receive, in calls that tell of
   * completions; calls that sent; bytes received. A socket is to be closed after an error: bytes may be under way.
   */
  timedSend(spec: TimedSendSpec, times: Float64Array): void;
  xdpOpen(spec: XdpSpec): number;
  /** Hands over frames by offset and length in the registered memory; returns how many there was room for. */
  xdpSend(socket: number, offsets: Float64Array, lengths: Float64Array): number;
  /** Writes the offsets of frames that are done, as many as fit, and returns their number. */
  xdpCompletions(socket: number, offsets: Float64Array): number;
  xdpClose(socket: number): void;
  /** A socket that sees what arrives at an interface. */
  packetOpen(interfaceName: string): number;
  /** Reads one frame and returns its length, which may be more than `bytes`; 0 if there is none. Never waits. */
  packetReceive(socket: number, region: number, offset: number, bytes: number): number;
  packetClose(socket: number): void;
}
