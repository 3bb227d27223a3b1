import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TraceText } from '../../lib/recording/trace-text.js';
import { scratchFolder } from '../scratch.js';
import { bounceLine } from '../support/bounce-lines.js';

const HEAD = '# tracer: nop\n#\n';

async function read(content: string, maxBytes = 2 ** 20, dropped: readonly (readonly [number, number])[] = []) {
  const path = join(scratchFolder(), 'trace');
  writeFileSync(path, content);
  const text = new TraceText('trace', maxBytes, new Map(dropped));
  const file = openSync(path, 'r');
  const chunks: string[] = [];
  for await (const chunk of text.read(file)) chunks.push(chunk);
  closeSync(file);
  return { text, written: chunks.join(''), chunks };
}

describe('TraceText', () => {
  it('hands on the text as it is, and reads it on the way', async () => {
    const content = HEAD + [1500, 60].map((size) => `${bounceLine('a', size)}\n`).join('');
    const { text, written } = await read(content);
    expect(written).toBe(content);
    expect(text.bouncedBytes).toBe(1560);
    expect(text.summary()).toMatchObject({ bounces: 2, lostEvents: 0, unparsedLines: 0 });
  });

  it('keeps whole lines as long as there is room, and tells the others of their CPUs as lost', async () => {
    const lines = [0, 1, 1, 0, 1].map((cpu) => `${bounceLine('a', 1, cpu)}\n`);
    const room = HEAD.length + lines[0]!.length + lines[1]!.length;
    const { text, written } = await read(HEAD + lines.join(''), room, [[3, 7]]);
    expect(written).toBe(
      `${HEAD}${lines[0]}${lines[1]}CPU:0 [LOST 1 EVENTS]\nCPU:1 [LOST 2 EVENTS]\nCPU:3 [LOST 7 EVENTS]\n`,
    );
    expect(text.summary()).toMatchObject({ bounces: 2, lostEvents: 10, unparsedLines: 0 });
  });

  it('never keeps more than there is room for, nor loses count of an event, whatever the room is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), { maxLength: 40 }), fc.nat(6000), async (cpus, room) => {
        const content = HEAD + cpus.map((cpu) => `${bounceLine('a', 1, cpu)}\n`).join('');
        const { text, written } = await read(content, HEAD.length + room);
        const { bounces, lostEvents } = text.summary();
        expect(bounces + lostEvents).toBe(cpus.length);
        expect(written.replace(/^CPU.*\n/gm, '').length).toBeLessThanOrEqual(HEAD.length + room);
      }),
      { numRuns: 30 },
    );
  });

  it('reads more than a chunk, and a last line without an end', async () => {
    const content = HEAD + `${bounceLine('ä', 1)}\n`.repeat(3000) + bounceLine('ä', 1);
    const { text, written, chunks } = await read(content);
    expect(chunks.length).toBeGreaterThan(3);
    expect(written).toBe(`${content}\n`);
    expect(text.summary()).toMatchObject({ bounces: 3001, unparsedLines: 0 });
  });
});
