/** Errors in sockets of Linux, and in the comparison with other tools. */
import { ofKind, type Plant } from '../plant.js';

const NETWORK_AND_TOOLS = ofKind('sockets and tools', [
  {
    name: 'a tool that is slower agrees',
    file: 'dev/tools/agreement.ts',
    text: 'Math.max(ratio, 1 / ratio) <= most',
    replacement: 'ratio <= most',
    finders: ['test/dev/tools/agreement.test.ts'],
  },
  {
    name: 'an explanation holds of which one pair agrees',
    file: 'dev/tools/agreement.ts',
    text: 'holding.length > 0 && holding.length === ratios.length',
    replacement: 'holding.length > 0',
    finders: ['test/dev/tools/agreement.test.ts'],
  },
  {
    name: 'MiB of mbw are millions of bytes',
    file: 'dev/tools/tool-output.ts',
    text: '(kept.length / perMib) * (MIB / GIGA)',
    replacement: '(kept.length / perMib) * (1e6 / GIGA)',
    finders: ['test/dev/tools/tool-output.test.ts'],
  },
  {
    name: 'the first run of mbw counts',
    file: 'dev/tools/tool-output.ts',
    text: 'speeds.slice(FIRST_RUNS)',
    replacement: 'speeds.slice(0)',
    finders: ['test/dev/tools/tool-output.test.ts'],
  },
  {
    name: 'a copy that is not timed counts',
    file: 'dev/tools/copies.ts',
    text: '(bytes * copies) /',
    replacement: '(bytes * ns.length) /',
    finders: ['test/dev/tools/timed-copies.test.ts'],
  },
  {
    name: 'a count of completions ends at 2^31',
    file: 'lib/sockets/advanced.ts',
    text: '((counter - count) >>> 0)',
    replacement: '((counter - count) & 0x7fffffff)',
    finders: ['test/sockets/advanced.test.ts'],
  },
  {
    name: 'a count of completions falls where its counter begins again',
    file: 'lib/sockets/advanced.ts',
    text: 'count + ((counter - count) >>> 0)',
    replacement: 'counter',
    finders: ['test/sockets/advanced.test.ts'],
  },
  {
    name: 'what is left to send begins at the begin again',
    file: 'lib/sockets/region-sender.ts',
    text: 'offset + bytesTaken, bytes - bytesTaken',
    replacement: 'offset, bytes - bytesTaken',
    finders: ['test/sockets/tcp-sender.test.ts', 'test/sockets/region-sender.test.ts'],
  },
  {
    name: 'each wait for room may take the time of all',
    file: 'lib/sockets/region-sender.ts',
    text: 'Math.ceil(end - performance.now())',
    replacement: 'timeoutMs',
    finders: ['test/sockets/told-by-linux.test.ts'],
  },
  {
    name: 'a call without a copy may pin any number of bytes',
    file: 'lib/sockets/region-sender.ts',
    text: 'this.zeroCopy ? MAX_PINNED_BYTES : bytes',
    replacement: 'bytes',
    finders: ['test/sockets/told-by-linux.test.ts'],
  },
  {
    name: 'a socket that is closed stays with Linux',
    file: 'lib/sockets/region-sender.ts',
    text: '    addon().socketClose(this.#handle);\n',
    replacement: '',
    finders: ['test/sockets/region-sender.test.ts', 'test/sockets/tcp-sender.test.ts'],
  },
  {
    name: 'completions of sends are copies',
    file: 'lib/sockets/region-sender.ts',
    text: 'this.#counts[name] = advanced(this.#counts[name], now[name]);',
    replacement: 'this.#counts[name] = advanced(this.#counts[name], now.copied);',
    finders: ['test/sockets/told-by-linux.test.ts'],
  },
  {
    name: 'segments of a call are more bytes than a packet has',
    file: 'lib/sockets/udp-sender.ts',
    text: 'Math.floor(MAX_DATAGRAM_BYTES / this.#segmentBytes)',
    replacement: 'Math.ceil(MAX_DATAGRAM_BYTES / this.#segmentBytes)',
    finders: ['test/sockets/udp-sender.test.ts'],
  },
  {
    name: 'a call has more segments than Linux takes',
    file: 'lib/sockets/udp-sender.ts',
    text: 'const segments = Math.min(MAX_SEGMENTS, ',
    replacement: 'const segments = Math.max(MAX_SEGMENTS, ',
    finders: ['test/sockets/udp-sender.test.ts'],
  },
  {
    name: 'segments that do not fit are told since Linux 6.9 only',
    file: 'lib/sockets/udp-sender.ts',
    text: ' && errno !== constants.errno.EINVAL',
    replacement: '',
    finders: ['test/sockets/told-by-linux.test.ts'],
  },
  {
    name: 'a setting that cannot be read refuses a namespace',
    file: 'lib/sockets/namespace-refusal.ts',
    text: "text === null || text.trim() === '' ? null",
    replacement: 'text === null ? null',
    finders: ['test/sockets/namespace-refusal.test.ts'],
  },
]);

export const NETWORK: readonly Plant[] = [...NETWORK_AND_TOOLS];
