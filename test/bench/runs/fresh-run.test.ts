import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { freshRun } from '../../../lib/bench/runs/fresh-run.js';
import { scratchFolder } from '../../scratch.js';
import { scriptedRun } from '../fixtures/runs.js';

const DOCUMENT = scriptedRun({ cells: { a: [1, 2, 3] } });
const signal = new AbortController().signal;

/** Runs a program in place of a run. It may use `document`. */
function program(text: string): string {
  const file = join(scratchFolder(), 'run.cjs');
  writeFileSync(file, `const document = ${JSON.stringify(DOCUMENT)};\n${text}`);
  return file;
}

const SEND = "process.send({ kind: 'document', document }, () => process.disconnect());";

describe('a run in a process of its own', () => {
  it('resolves to the document, with the arguments of the call and the flags of this process', async () => {
    const step = { scenario: 's', phase: 'round', rounds: 1, done: 0, cells: 1, leftMs: null };
    const steps: unknown[] = [];
    const command = program(`
      process.send({ kind: 'progress', step: ${JSON.stringify(step)} });
      console.log('a report, which is not for the user');
      console.error(JSON.stringify([process.argv.slice(2), process.execArgv]));
      ${SEND}`);
    const onProgress = (seen: unknown) => steps.push(seen);
    const { document, ending, said } = await freshRun(['--quick'], { signal, command, onProgress });
    expect(document).toEqual(DOCUMENT);
    expect({ ending, said: JSON.parse(said) }).toEqual({
      ending: 'exit code 0',
      said: [['bench', '--quick', '--as-run'], process.execArgv],
    });
    expect(steps).toEqual([step]);
  });

  it('keeps a complete document, also if the process then fails', async () => {
    const command = program("process.send({ kind: 'document', document }, () => process.exit(1));");
    expect(await freshRun([], { signal, command })).toEqual({ document: DOCUMENT, ending: 'exit code 1', said: '' });
  });

  it.each([
    ["console.error('why'); process.exit(3);", 'exit code 3', 'why\n'],
    ["process.kill(process.pid, 'SIGKILL');", 'signal SIGKILL', ''],
    ["process.send({ kind: 'document', document: { ...document, complete: false } });", 'exit code 0', ''],
  ])('has no document if the process does %s', async (text, ending, said) => {
    expect(await freshRun([], { signal, command: program(text) })).toEqual({ document: null, ending, said });
  });

  it('refuses a document that is none', async () => {
    const command = program("process.send({ kind: 'document', document: {} });");
    await expect(freshRun([], { signal, command })).rejects.toMatchObject({ code: 'ERR_RESULT_SCHEMA' });
  });

  it.each(['', "process.on('SIGTERM', () => {});"])('is gone soon after it was stopped, with %j too', async (text) => {
    const abort = new AbortController();
    const command = program(`${text} process.send({ kind: 'progress' }); setInterval(() => {}, 1000);`);
    const onProgress = () => abort.abort();
    const { document, ending } = await freshRun([], { signal: abort.signal, command, onProgress });
    expect(document).toBeNull();
    expect(ending).toBe(text === '' ? 'signal SIGTERM' : 'signal SIGKILL');
  });

  it('does not go on if it was stopped before it began', async () => {
    const command = program(`setInterval(() => {}, 1000);`);
    const { document, ending } = await freshRun([], { signal: AbortSignal.abort(), command });
    expect(document).toBeNull();
    expect(ending).toMatch(/^signal SIG(TERM|KILL)$/);
  });
});
