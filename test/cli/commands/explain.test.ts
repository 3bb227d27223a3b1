import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { scratchFolder } from '../../scratch.js';

const MAIN = fileURLToPath(new URL('../../../lib/cli/main.js', import.meta.url));
const FULL = 'nvme 0000:00:01.0: swiotlb buffer is full (sz: 8192 bytes), total 32768 (slots), used 27103 (slots)';

function explain(args: readonly string[], input: string | Buffer = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'explain', ...args], {
    input,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('copytax explain', () => {
  it('explains a line, and prints JSON with all that was found in it', () => {
    expect(explain([FULL])).toMatchObject({ status: 0, stdout: expect.stringContaining('line 1: fragmented') });
    const { status, stdout } = explain(['--json', FULL]);
    expect({ status, found: JSON.parse(stdout) }).toEqual({
      status: 0,
      found: [
        {
          log: null,
          line: FULL,
          lineNumber: 1,
          class: 'fragmented',
          device: '0000:00:01.0',
          size: 8192,
          total: 32768,
          used: 27103,
          times: 1,
          suppressed: 0,
          kernelSays: FULL,
          helps: expect.any(Array),
          doesNotHelp: expect.any(Array),
        },
      ],
    });
  });

  it('reads logs from a file and from standard input, plain and gzipped', () => {
    const file = join(scratchFolder(), 'dmesg');
    writeFileSync(file, `first\n${FULL}\n`);
    const told = { status: 0, stdout: expect.stringContaining('line 2: fragmented') };
    expect(explain([file])).toMatchObject(told);
    expect(explain([], gzipSync(`first\n${FULL}\n`))).toMatchObject(told);
    expect(explain(['-'], `first\n${FULL}\n`)).toMatchObject(told);
  });

  it('prints JSON of more messages than a pipe takes at a time, also to a slow reader', () => {
    const file = join(scratchFolder(), 'many');
    writeFileSync(file, `${FULL}\n`.repeat(100_000));
    const command = '"$0" "$1" explain --json "$2" | (sleep 1; tail -c 4)';
    const { stdout, stderr } = spawnSync('sh', ['-c', command, process.execPath, MAIN, file], { encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({ stdout: '}\n]\n', stderr: '' });
  });

  it('numbers the lines of each log from 1', () => {
    const files = ['a b', 'c'].map((name) => join(scratchFolder(), name));
    for (const file of files) writeFileSync(file, `first\n${FULL}\n`);
    const { stdout } = explain(['--json', ...files, FULL]);
    expect(
      JSON.parse(stdout).map(({ log, lineNumber }: { log: string; lineNumber: number }) => [log, lineNumber]),
    ).toEqual([[null, 1], ...files.map((file) => [file, 2])]);
    expect(explain([...files, FULL]).stdout.match(/line \d/g)).toEqual(['line 1', 'line 2', 'line 2']);
  });

  it('ends with 1 when no line was understood, and only then', () => {
    expect(explain(['a line of something else'])).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('No message about bounce buffers in 1 line.'),
    });
    expect(explain(['--json'], 'one\nswiotlb sings')).toMatchObject({
      status: 1,
      stdout: '[]\n',
      stderr: 'line 2 is not understood: swiotlb sings\n',
    });
    expect(explain([], `swiotlb sings\n${FULL}`)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('line 1 is not understood: swiotlb sings'),
    });
  });

  it('says once of a capture that it is one, and which command reads it', () => {
    const event = 'a-1 [000] ..s1. 1.0: swiotlb_bounced: dev_name: x dma_mask=ff dev_addr=1000 size=66 FORCE\n';
    const told = expect.stringMatching(/^30 events of a capture \(swiotlb_bounced\).*`copytax\sreplay`/s);
    expect(explain([], event.repeat(30))).toMatchObject({ status: 1, stdout: told });
    expect(explain(['--json'], event.repeat(30))).toEqual({ status: 1, stdout: '[]\n', stderr: told });
  });

  it('refuses a word that is neither a file nor a message, and what cannot be read', () => {
    expect(explain(['dmesg.txt'])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^copytax: ERR_USAGE: 'dmesg\.txt'/),
    });
    for (const word of ['', '/none/swiotlb.log']) expect(explain([word]).status).toBe(2);
    expect(explain(['/'])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^copytax: ERR_LOG_FILE: \/ cannot/),
    });
  });
});
