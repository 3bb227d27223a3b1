/**
 * `npm run stress:slots -- --operations N`: the static and the growing allocator, used by threads for any number of
 * operations.
 */
import { parseArgs } from 'node:util';
import { stressGrowing, stressStatic } from './stress-runs.js';

const { values } = parseArgs({ options: { operations: { type: 'string', default: '10000000' } } });
const operations = Number(values.operations);
if (!Number.isSafeInteger(operations) || operations < 1) throw new Error('--operations must be a positive integer');

for (const [name, run] of [
  ['static', stressStatic],
  ['growing', stressGrowing],
] as const) {
  const began = performance.now();
  const facts = await run(operations);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(
    `${name}: ${operations} operations in ${seconds} s; all slots accounted for; ${JSON.stringify(facts)}\n`,
  );
}
