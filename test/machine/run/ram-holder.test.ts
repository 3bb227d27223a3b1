import { afterEach, describe, expect, it } from '@jest/globals';
import { ramLayout } from '../../../lib/machine/build/ram.js';
import { RamHolder } from '../../../lib/machine/run/ram-holder.js';
import { Region } from '../../../lib/memory/region.js';
import { smallConfig } from '../fixtures/small-system.js';

const holder = new RamHolder({ align: 1 << 18, lock: 'no', hugePages: 'never' });
afterEach(() => holder.close());

const small = smallConfig({});
const large = smallConfig({ sockets: { sendBufferBytes: 8 << 20 } });
const userWord = (config: typeof small) => new Int32Array(holder.ram!.buffer, ramLayout(config).users, 1);

describe('RamHolder', () => {
  it('has no region before the first machine', () => {
    expect(holder.ram).toBeNull();
  });

  it('keeps its region while machines fit into it, and maps a larger one for a larger machine', () => {
    const first = holder.memoryFor(small);
    expect(holder.memoryFor(small)).toBe(first);
    const second = holder.memoryFor(large);
    expect(second).not.toBe(first);
    expect(second.bytes).toBeGreaterThanOrEqual(ramLayout(large).bytes);
    expect(holder.memoryFor(small)).toBe(second);
  });

  it('maps a region that all machines fit into when it is told of them ahead', () => {
    const first = holder.ensure([small, large]);
    expect(first.bytes).toBeGreaterThanOrEqual(ramLayout(large).bytes);
    expect(holder.memoryFor(large)).toBe(first);
  });

  it('fills the buffers of users, again when they lie elsewhere or in another region', () => {
    holder.memoryFor(small);
    const word = userWord(small)[0];
    expect(word).not.toBe(0);
    userWord(small)[0] = 7;
    holder.memoryFor(small);
    expect(userWord(small)[0]).toBe(7); // no machine writes there, so they are not filled again
    holder.memoryFor(smallConfig({ sockets: { senders: 3 } }));
    holder.memoryFor(small);
    expect(userWord(small)[0]).toBe(word);
    holder.close();
    holder.memoryFor(small);
    expect(userWord(small)[0]).toBe(word);
  });

  it('closes its region, more than once if asked to', () => {
    holder.memoryFor(small);
    holder.close();
    holder.close();
    expect(holder.ram).toBeNull();
  });
});

describe('RamHolder.renew', () => {
  it('maps another region of the same size, with the buffers of users filled', async () => {
    const first = holder.memoryFor(small);
    const word = userWord(small)[0];
    const { id, bytes } = first;
    await holder.renew(1 << 21);
    expect(holder.ram!.id).not.toBe(id);
    expect(holder.ram!.bytes).toBe(bytes);
    expect(first.buffer.byteLength).toBe(0);
    holder.memoryFor(small);
    expect(userWord(small)[0]).toBe(word);
  });

  it('maps nothing where there was nothing, and does without ballast that the host has no room for', async () => {
    holder.close();
    await holder.renew(1 << 21);
    expect(holder.ram).toBeNull();
    holder.memoryFor(small);
    await holder.renew(2 ** 46);
    expect(holder.ram!.bytes).toBeGreaterThanOrEqual(ramLayout(small).bytes);
  });

  it('keeps none of the ballast', async () => {
    holder.memoryFor(small);
    const before = process.memoryUsage.rss();
    for (let time = 0; time < 8; time++) await holder.renew(32 << 20);
    expect(process.memoryUsage.rss() - before).toBeLessThan(128 << 20);
  });
});

describe('RamHolder.ensureInSlices', () => {
  it('maps a region that all machines fit into, unless there is one', async () => {
    await holder.ensureInSlices([small, large]);
    const first = holder.ram!;
    expect(first.bytes).toBe(ramLayout(large).bytes);
    await holder.ensureInSlices([small]);
    expect(holder.ram).toBe(first);
    expect(holder.memoryFor(large)).toBe(first);
  });

  it('has no region after its signal has stopped it, nor has a renewal, and maps one later', async () => {
    const reason = new Error('enough');
    await expect(holder.ensureInSlices([small], AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(holder.ram).toBeNull();
    for (const ballastBytes of [0, 1 << 21]) {
      await holder.ensureInSlices([small]);
      const { id } = holder.ram!;
      await expect(holder.renew(ballastBytes, AbortSignal.abort(reason))).rejects.toBe(reason);
      expect(holder.ram).toBeNull();
      expect(() => Region.attach(id)).toThrow(expect.objectContaining({ code: 'ERR_REGION_CLOSED' }));
    }
    await holder.ensureInSlices([small], new AbortController().signal);
    expect(holder.ram!.bytes).toBe(ramLayout(small).bytes);
  });

  it('leaves no region where it is closed meanwhile', async () => {
    const made = holder.ensureInSlices([small]);
    holder.close();
    await expect(made).rejects.toMatchObject({ code: 'ERR_REGION_CLOSED' });
    expect(holder.ram).toBeNull();
    await holder.ensureInSlices([small]);
    const renewed = holder.renew(1 << 21);
    holder.close();
    await expect(renewed).rejects.toMatchObject({ code: 'ERR_REGION_CLOSED' });
    expect(holder.ram).toBeNull();
  });
});
