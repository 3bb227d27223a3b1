/** The example of a design of one's own: under every check in this process, and by the commands as a user runs them. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readResult } from '../../lib/bench/result/result-file.js';
import { FLAVOURS } from '../../lib/flavour.js';
import { FREE_DISPATCHES, type OwnDesignName } from '../../lib/index.js';
import { GROWTH_MODES } from '../../lib/machine/build/choices.js';
import { InlineMachine } from '../../lib/machine/run/inline-machine.js';
import { textReport } from '../../lib/report/index.js';
import { smallConfig } from '../machine/fixtures/small-system.js';
import { scratchFolder } from '../scratch.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const FOLDER = join(root, 'examples/own-design');
const DESIGN = join(FOLDER, 'design.js');

function node(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: root });
  return { status, stdout, stderr };
}
const copytax = (...args: readonly string[]) => node('dist/lib/cli/main.js', ...args);

describe('examples/own-design', () => {
  it('is one design in fifty lines of code, typed', () => {
    const lines = readFileSync(DESIGN, 'utf8').split('\n');
    const code = lines.filter((line) => line.trim() !== '' && !/^\s*(\/\*\*|\*|\/\/)/.test(line));
    expect(code.length).toBeLessThanOrEqual(50);
    const { status, stdout } = node('node_modules/typescript/bin/tsc', '-p', 'examples/tsconfig.json');
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });

  it('runs by itself: every check passes, and it is measured beside bounce-pages', () => {
    const { status, stdout, stderr } = node(join(FOLDER, 'run.js'));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^stocked-pages: every check passes; /);
    for (const design of ['bounce-pages', 'stocked-pages']) {
      expect(stdout).toMatch(new RegExp(`^${design}: \\d+ Gbit/s, \\d+ blocks carved from the slot pool`, 'm'));
    }
  });

  const ways = FLAVOURS.flatMap((flavour) =>
    FREE_DISPATCHES.flatMap((freeDispatch) => GROWTH_MODES.map((growth) => ({ flavour, freeDispatch, growth }))),
  );
  it.each(ways)('keeps every invariant and every byte, and gives all back: %j', async (way) => {
    const { stockedPages } = (await import(DESIGN)) as { stockedPages: OwnDesignName };
    const { flavour, freeDispatch, growth } = way;
    const config = smallConfig({
      design: stockedPages,
      flavour,
      freeDispatch,
      cpus: { count: 3 },
      sockets: { senders: 4, sendBufferBytes: 1 << 15, messageBytes: 40_000, messagesPerSender: 40 },
      slotPool: { growth },
      devices: { queues: 2, count: 2, completion: 'read' },
      checking: { everyByte: true },
    });
    using machine = new InlineMachine(config);
    machine.run();
    const { counters } = machine.system.freeing;
    expect(counters.allocated).toBeGreaterThan(0);
    expect(counters.freed).toBe(counters.allocated);
  });
});

describe('copytax bench --load', () => {
  it('measures the design beside the others, and its result is readable without the module', () => {
    const file = join(scratchFolder(), 'result.json');
    const args = ['bench', '--load', DESIGN, '--quick', '--only', 'tx-designs', '--rounds', '1', '--json', file];
    let ended = copytax(...args);
    // A busy host may keep a thread from running for longer than a sample may take.
    for (let repeats = 0; /ERR_(TIMED_OUT|STALLED)/.test(ended.stderr) && repeats < 3; repeats++) {
      ended = copytax(...args);
    }
    const { status, stdout, stderr } = ended;
    expect({ status, failure: status === 0 ? '' : stderr }).toEqual({ status: 0, failure: '' });
    expect(readFileSync(file, 'utf8')).not.toContain(FOLDER);
    const program = `
      import { readResult } from 'copytax/bench';
      import { textReport } from 'copytax/report';
      process.stdout.write(textReport(readResult(process.argv[1])));`;
    const report = node('--input-type=module', '-e', program, file);
    expect(report).toEqual({ status: 0, stdout, stderr: '' });
    expect(stdout).toContain('design stocked-pages, added by design.js: bounce pages that are kept in stock');
    const { ownDesigns, results, settings } = readResult(file);
    expect(ownDesigns).toEqual([
      {
        name: 'stocked-pages',
        idea: expect.stringContaining('bounce pages'),
        module: 'design.js',
        promises: { bounceCopies: 0, holdsSlots: true },
      },
    ]);
    expect(settings.designs).toEqual(['direct', 'bounce', 'bounce-pages', 'stocked-pages']);
    expect(results.map(({ id }) => id)).toContainEqual(expect.stringContaining('tx-designs/stocked-pages/'));
    expect(textReport(readResult(file))).toBe(stdout);
  });

  it('refuses a design that no module has added, and names the nearest', () => {
    const { status, stdout, stderr } = copytax('bench', '--load', DESIGN, '--designs', 'stocked-page');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^copytax: ERR_USAGE: unknown design 'stocked-page': did you mean 'stocked-pages'\?/);
  });

  it('ends with one line when a module throws, or when its design fails in a thread', () => {
    const folder = scratchFolder();
    const module = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const throwing = copytax('bench', '--load', module('throws.mjs', "throw new Error('at once');"));
    expect(throwing).toMatchObject({ status: 1, stdout: '' });
    expect(throwing.stderr).toMatch(
      /^copytax: ERR_DESIGN: throws\.mjs cannot be imported: Error: at once \(at throws\.mjs:1:7\)\. .*\n$/,
    );
    const library = new URL('../../lib/index.js', import.meta.url).href;
    const text = `import { isMainThread } from 'node:worker_threads';
      import { addDesign, DESIGNS } from '${library}';
      function state(...all) {
        if (isMainThread) return DESIGNS.bounce.state(...all);
        throw new Error('in a thread');
      }
      addDesign('fails', { ...DESIGNS.bounce, state }, import.meta.url);`;
    const failing = module('fails.mjs', text);
    const args = ['bench', '--load', failing, '--quick', '--only', 'tx-designs', '--designs', 'fails'];
    const { status, stderr } = copytax(...args);
    expect(status).toBe(1);
    const failed = "^copytax: ERR_DESIGN: the design 'fails' of fails\\.mjs failed: ";
    const line = new RegExp(`${failed}Error: in a thread \\(at fails\\.mjs:5:\\d+\\)\\. `);
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(line);
  });
});

describe('npm run explore and npm run stress', () => {
  it.each([
    ['a block of the stock has no reference', 'this.tables.pages.setRefs(pfn, 1);', ''],
    ['the stock is not emptied at the end', /close\(cpu\) \{/, '$&\n    if (cpu) return;'],
  ])(
    'find a planted error: %s',
    (_what, from, to) => {
      const text = readFileSync(DESIGN, 'utf8');
      const library = `'${new URL('../../lib/index.js', import.meta.url).href}'`;
      const planted = text.replace("'copytax'", library).replace(from, to);
      expect(planted).not.toBe(text.replace("'copytax'", library));
      const file = join(scratchFolder(), 'planted.mjs');
      writeFileSync(file, planted);
      const { status, stdout } = node('dist/dev/main.js', 'explore', '--load', file, '--seeds', '200');
      expect(status).toBe(1);
      expect(stdout).toMatch(/^seed \d+: ERR_(DOUBLE_FREE|INVARIANT|UNBALANCED): /);
      expect(stdout).toContain(` again: npm run explore -- --load ${file} --replay '`);
    },
    300_000,
  );

  it('find nothing wrong in the example', () => {
    const explored = node('dist/dev/main.js', 'explore', '--load', DESIGN, '--seeds', '30');
    expect(explored).toMatchObject({ status: 0, stdout: '30 passed, 0 failed\n' });
    const stressed = node('dist/dev/main.js', 'stress', '--load', DESIGN, '--seconds', '2');
    expect(stressed.status).toBe(0);
    expect(stressed.stdout).toMatch(/\n\d+ passed, 0 failed\n$/);
  });
});
