import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { scratchFolder } from '../../scratch.js';

const MAIN = fileURLToPath(new URL('../../../lib/cli/main.js', import.meta.url));
const FOLDER = fileURLToPath(new URL('../../../../test/fixtures/captures/', import.meta.url));
const CAPTURE = `${FOLDER}kp-nvme-k6.12.trace.gz`;

function replay(args: readonly string[], input: string | Buffer = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'replay', ...args], {
    input,
    encoding: 'utf8',
    env: { ...process.env, LANG: 'C', LC_ALL: '', LC_CTYPE: '' },
  });
  return { status, stdout, stderr };
}

describe('copytax replay', () => {
  it('prints a report, or JSON, and writes the picture', () => {
    const folder = join(scratchFolder(), 'made');
    const { status, stdout } = replay([CAPTURE, '--svg', folder]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Replay of .*kp-nvme-k6\.12\.trace\.gz, Linux 6\.12/);
    expect(stdout).toMatch(new RegExp(`\n${join(folder, 'occupancy.svg')}\n$`));
    expect(stdout).toMatch(/^\|[ .:=+*#-]+\|$/m);
    expect(readFileSync(join(folder, 'occupancy.svg'), 'utf8')).toMatch(/^<svg /);
    const json = JSON.parse(replay([CAPTURE, '--json']).stdout);
    expect(json).toMatchObject({
      schema: 'copytax.replay/1',
      events: { bounced: 912 },
      bytes: { bounced: 6_291_456 },
      unparsedLines: 0,
      lostEvents: 0,
      pool: { highWater: 557, endUsed: 493 },
      softirqShare: 0,
      devices: { '0000:00:04.0': { events: 912 } },
    });
  });

  it('reads standard input, plain and gzipped, with what is in use before as given', () => {
    const plain = spawnSync('zcat', [CAPTURE]).stdout;
    for (const input of [plain, readFileSync(CAPTURE)]) {
      const { status, stdout } = replay(['-', '--start-used', '493', '--json'], input);
      expect({ status, pool: JSON.parse(stdout).pool }).toMatchObject({ status: 0, pool: { highWater: 557 } });
    }
  });

  it('prints JSON for a file of the name -', () => {
    expect(JSON.parse(replay([CAPTURE, '--json', '-']).stdout).pool.highWater).toBe(557);
  });

  it('writes JSON to a file that it replaces as a whole, and prints the report', () => {
    const file = join(scratchFolder(), 'replay.json');
    writeFileSync(file, 'old');
    const { status, stdout } = replay([CAPTURE, '--json', file]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining('Replay of ') });
    expect(JSON.parse(readFileSync(file, 'utf8')).pool.highWater).toBe(557);
  });

  it('refuses what is no capture, is not there, or does not fit', () => {
    const file = join(scratchFolder(), 'text');
    writeFileSync(file, 'one\ntwo\n');
    const refused = (args: readonly string[], message: string) => {
      const { status, stdout, stderr } = replay(args);
      // A slow host shows progress as well.
      const errors = stderr
        .trimEnd()
        .split('\n')
        .filter((line) => !line.startsWith('copytax: replay: '));
      expect({ stdout, lines: errors.length }).toEqual({ stdout: '', lines: 1 });
      expect(status).toBeGreaterThan(0);
      expect(stderr).toContain(message);
    };
    refused([file], 'is no capture: none of its 2 lines is one of a trace');
    refused([join(scratchFolder(), 'nowhere')], 'ERR_LOG_FILE');
    refused([CAPTURE, '--start-used', '40000'], '40000 slots cannot be in use in a pool of 32768');
    refused([CAPTURE, '--hold', 'long'], "--hold 'long' is not a time");
    refused([CAPTURE, '--json', CAPTURE], 'is the capture: choose another name');
    refused([], "missing required argument 'capture'");
    const bomb = join(scratchFolder(), 'bomb.gz');
    writeFileSync(bomb, gzipSync(Buffer.alloc(2 ** 20, '\n')));
    refused([bomb], 'is no capture');
  });

  it('ends at a signal while it waits for recorded times', async () => {
    const file = join(scratchFolder(), 'slow.trace');
    const line = (seconds: number) =>
      `  dd-1  [000] b..1.  ${seconds}.000000: swiotlb_bounced: dev_name: e dma_mask=ff dev_addr=1 size=64 FORCE\n`;
    writeFileSync(file, `# tracer: nop\n${line(1)}${line(4000)}`);
    const child = spawn(process.execPath, [MAIN, 'replay', file, '--pace', 'recorded', '--json', `${file}.json`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    setTimeout(() => child.kill('SIGINT'), 2000);
    const [code, signal] = await once(child, 'exit');
    expect({ code, signal }).toEqual({ code: 130, signal: null });
    expect(existsSync(`${file}.json`)).toBe(false);
  });
});
