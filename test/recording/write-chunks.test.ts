import { describe, expect, it } from '@jest/globals';
import { writeChunks } from '../../lib/recording/write-chunks.js';

/** A stream that takes chunks one by one, each in a turn of its own, until it fails. */
function stream(failsAt = Number.POSITIVE_INFINITY) {
  const taken: string[] = [];
  let pending = 0;
  return {
    taken,
    write(chunk: string, onTaken: (error?: Error | null) => void) {
      expect(pending++).toBe(0);
      setImmediate(() => {
        pending--;
        if (taken.length < failsAt) taken.push(chunk);
        onTaken(taken.length < failsAt ? null : new Error('EPIPE'));
      });
    },
  };
}

async function* chunks(said: string[]) {
  for (const chunk of ['a', 'b', 'c']) {
    said.push(chunk);
    yield chunk;
  }
}

describe('writeChunks', () => {
  it('writes one chunk after the other was taken', async () => {
    const to = stream();
    expect(await writeChunks(to, chunks([]))).toBe(true);
    expect(to.taken).toEqual(['a', 'b', 'c']);
  });

  it('asks for no more once the stream takes no more', async () => {
    const said: string[] = [];
    expect(await writeChunks(stream(1), chunks(said))).toBe(false);
    expect(said).toEqual(['a']);
  });
});
