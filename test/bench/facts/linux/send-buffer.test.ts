import { describe, expect, it } from '@jest/globals';
import { HostFiles } from '../../../../lib/bench/facts/host-files.js';
import { sendBufferMaxBytes } from '../../../../lib/bench/facts/linux/send-buffer.js';
import { hostTree } from '../../fixtures/host-tree.js';

const PATH = 'proc/sys/net/ipv4/tcp_wmem';

function read(tree: Readonly<Record<string, string>>) {
  const files = new HostFiles(hostTree(tree));
  return { bytes: sendBufferMaxBytes(files), missing: files.missing };
}

describe('sendBufferMaxBytes', () => {
  it('is the last of three sizes', () => {
    expect(read({ [PATH]: '4096\t16384\t4194304\n' })).toEqual({ bytes: 4194304, missing: [] });
  });

  it.each(['', '4096 16384', '4096 16384 8192', '4096 16384 -1', '0 0 0', '1 2 3 4', '1 2 99999999999999999999'])(
    'is not known, with the reason, where the file has "%s"',
    (text) => {
      const reason = `/${PATH} does not say`;
      expect(read({ [PATH]: text })).toEqual({
        bytes: null,
        missing: [{ fact: 'kernel.sendBufferMaxBytes', reason }],
      });
    },
  );

  it('is not known without the file, as in a namespace that hides it', () => {
    expect(read({})).toEqual({
      bytes: null,
      missing: [{ fact: 'kernel.sendBufferMaxBytes', reason: `/${PATH} is not there on this host` }],
    });
  });
});
