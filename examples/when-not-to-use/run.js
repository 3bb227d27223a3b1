/**
 * What JavaScript has by itself beside what this package has for it: copies of several sizes, and a small buffer.
 *   node run.js [SECONDS] [FILE]      default: 20 seconds; FILE keeps the result
 */
import { comparison, measure } from 'copytax/bench';
import { BufferPool, copy, Region } from 'copytax/memory';
import { textReport } from 'copytax/report';
import { Slots } from 'copytax/slots';

const MOST = 1 << 20;
const from = Region.create({ bytes: MOST });
const to = Region.create({ bytes: MOST });
const pool = new BufferPool({ count: 64, bytes: 1472 });
const slots = Slots.create({ bytes: 8 << 20 });

const copies = [256, 4096, 65536, MOST].map((bytes) => {
  const a = new Uint8Array(from.buffer, 0, bytes);
  const b = new Uint8Array(to.buffer, 0, bytes);
  const [source, target] = [from.view(0, bytes), to.view(0, bytes)];
  return comparison(`copy-${bytes}`, `which way of copying ${bytes} bytes is the fastest?`, {
    'TypedArray.set': () => b.set(a),
    'Buffer.copy': () => source.copy(target),
    'copy()': () => copy(to.id, 0, from.id, 0, bytes),
  });
});
const buffers = comparison('buffer-1472', 'which way of having 1472 bytes for a moment is the fastest?', {
  'Buffer.allocUnsafe': () => Buffer.allocUnsafe(1472),
  'Buffer.alloc': () => Buffer.alloc(1472),
  'pool.tryTake and give': () => {
    const buffer = pool.tryTake();
    if (buffer !== null) pool.give(buffer);
    return buffer;
  },
  'slots.alloc and free': () => slots.free(slots.alloc(1472)),
});

const [, , seconds = '20', json] = process.argv;
const result = await measure([...copies, buffers], {
  seconds: Number(seconds),
  ...(json === undefined ? {} : { json }),
});
console.log(textReport(result));
for (const one of [from, to, slots]) one.close();
await pool.close();
