import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { SampledProcess } from '../../../dev/variance/sampled-process.js';
import { addon } from '../../../lib/addon/addon.js';
import { scratchFolder } from '../../scratch.js';

const SETTINGS = { cpus: addon().affinity().slice(0, 2), sampleMs: 5, seed: 1 };
const TURN = { renewsMemory: false, renewsThreads: false, cells: [5, 1] };

/** The path of a program that has `text` as its reply to each message. */
function program(text: string): string {
  const file = join(scratchFolder(), 'sampled.mjs');
  writeFileSync(file, `process.on('message', (message) => { ${text} });`);
  return file;
}

const READY = `if (message.settings) process.send({ threads: 0, memory: 0, samples: [] }); else`;

describe('SampledProcess', () => {
  it('is another process, which samples with what its turns have renewed', async () => {
    const sampled = await SampledProcess.start(7, SETTINGS);
    try {
      const first = await sampled.turn(TURN);
      expect(first).toMatchObject({ process: 7, threads: 0, memory: 0 });
      expect(first.samples.map(([cell]) => cell)).toEqual([5, 1]);
      expect(await sampled.turn({ ...TURN, renewsMemory: true, cells: [] })).toEqual({
        process: 7,
        threads: 0,
        memory: 1,
        samples: [],
      });
    } finally {
      await sampled.end();
      await sampled.end();
    }
    await expect(sampled.turn(TURN)).rejects.toMatchObject({ code: 'ERR_WORKER_DIED', message: 'process 7 ended' });
  });

  it('rejects with what failed in it', async () => {
    const failing = program(`${READY} process.send({ error: { code: 'ERR_REGION_MAP', message: 'no memory' } });`);
    const sampled = await SampledProcess.start(1, SETTINGS, failing);
    await expect(sampled.turn(TURN)).rejects.toMatchObject({ code: 'ERR_REGION_MAP', message: 'process 1: no memory' });
    await sampled.end();
    const odd = program(`process.send({ error: { code: 'odd', message: 'unexpected' } });`);
    const start = SampledProcess.start(2, SETTINGS, odd);
    await expect(start).rejects.toMatchObject({ code: 'ERR_WORKER_DIED', message: 'process 2: unexpected' });
  });

  it('rejects when the process ends in the middle of a turn', async () => {
    const sampled = await SampledProcess.start(3, SETTINGS, program(`${READY} process.exit(1);`));
    await expect(sampled.turn(TURN)).rejects.toMatchObject({ code: 'ERR_WORKER_DIED', message: 'process 3 ended' });
    await sampled.end();
  });

  it('rejects when the process does not reply, and can be ended then', async () => {
    const silent = program(`${READY} {}`);
    const sampled = await SampledProcess.start(4, SETTINGS, silent, 3000);
    await expect(sampled.turn(TURN)).rejects.toMatchObject({ code: 'ERR_TIMED_OUT' });
    await sampled.end();
  });

  it('ends a process that does not become ready', async () => {
    const start = SampledProcess.start(5, SETTINGS, program(''), 500);
    await expect(start).rejects.toMatchObject({ code: 'ERR_TIMED_OUT' });
    await setTimeout(0); // nothing is left that could keep this process from ending
  });
});
