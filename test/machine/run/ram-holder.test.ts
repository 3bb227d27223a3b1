import { afterEach, describe, expect, it } from '@jest/globals';
import { ramLayout } from '../../../lib/machine/build/ram.js';
import { RamHolder } from '../../../lib/machine/run/ram-holder.js';
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
  it('maps another region of the same size, with the buffers of users filled', () => {
    const first = holder.memoryFor(small);
    const word = userWord(small)[0];
    const { id, bytes } = first;
    holder.renew(1 << 21);
    expect(holder.ram!.id).not.toBe(id);
    expect(holder.ram!.bytes).toBe(bytes);
    expect(first.buffer.byteLength).toBe(0);
    holder.memoryFor(small);
    expect(userWord(small)[0]).toBe(word);
  });

  it('maps nothing where there was nothing, and does without ballast that the host has no room for', () => {
    holder.close();
    holder.renew(1 << 21);
    expect(holder.ram).toBeNull();
    holder.memoryFor(small);
    holder.renew(2 ** 46);
    expect(holder.ram!.bytes).toBeGreaterThanOrEqual(ramLayout(small).bytes);
  });

  it('keeps none of the ballast', () => {
    holder.memoryFor(small);
    const before = process.memoryUsage.rss();
    for (let time = 0; time < 8; time++) holder.renew(32 << 20);
    expect(process.memoryUsage.rss() - before).toBeLessThan(128 << 20);
  });
});
