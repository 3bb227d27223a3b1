/** Which way of copying 64 KiB is the fastest? */
import { comparison, measure } from 'copytax/bench';
import { textReport } from 'copytax/report';

const a = new Uint8Array(65536);
const b = Buffer.alloc(65536);
const scenario = comparison('my-copies', 'which way of copying 64 KiB is the fastest?', {
  set: () => a.set(b),
  copy: () => b.copy(a),
  slice: () => b.buffer.slice(0, 65536),
});
console.log(textReport(await measure(scenario, { seconds: 2, json: 'mine.json' })));
