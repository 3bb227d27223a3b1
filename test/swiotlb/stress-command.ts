/**
 * `npm run stress:slots -- --operations N`: the static and the growing allocator, used by threads for any number of
 * operations.
 */
import { parseArgs } from 'node:util';
import { stressGrowing, stressStatic } from './stress-runs.js';

/** Never returns where the options are wrong. */
function operationsOf(): number {
  try {
    const { values } = parseArgs({ options: { operations: { type: 'string', default: '10000000' } } });
    const operations = Number(values.operations);
    if (!/^\d+$/.test(values.operations) || operations < 1 || !Number.isSafeInteger(operations)) {
      throw new Error(`--operations '${values.operations}' is not a positive whole number`);
    }
    return operations;
  } catch (error) {
    process.stderr.write(`copytax: ${(error as Error).message.split('\n')[0]}\n`);
    process.exit(2);
  }
}

const operations = operationsOf();
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
