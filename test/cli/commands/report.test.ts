import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { reportCommand } from '../../../lib/cli/commands/report.js';
import { elementsOf } from '../../report/fixtures/elements.js';
import { replayOf } from '../../report/fixtures/replay.js';
import { copyCells, designCells, resultOf } from '../../report/fixtures/result.js';
import { scratchFolder } from '../../scratch.js';

const folder = scratchFolder();

function written(name: string, document: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(document));
  return file;
}

const one = written('one.json', resultOf(designCells(), copyCells()));
const two = written('two.json', resultOf(designCells()));
const sectionsOf = (file: string) =>
  elementsOf(readFileSync(file, 'utf8')).flatMap(({ name, attributes }) =>
    name === 'section' ? attributes.get('id')! : [],
  );

describe('reportCommand', () => {
  it('writes a page of results and replays, and prints its name', async () => {
    const replay = written('replay.json', await replayOf('vnet-tcp8-k6.12.trace.gz'));
    const out = join(folder, 'page.html');
    expect(await reportCommand([one, replay, two], { out })).toBe(`${out}\n`);
    expect(sectionsOf(out)).toEqual(expect.arrayContaining(['verdict', 'cores', 'copies', 'replays', 'differences']));
  });

  it('replaces a page as a whole, and keeps who may read it', async () => {
    const out = join(folder, 'again.html');
    writeFileSync(out, 'old', { mode: 0o600 });
    await reportCommand([one], { out });
    expect(readFileSync(out, 'utf8')).toMatch(/^<!DOCTYPE html>/);
    expect(statSync(out).mode & 0o777).toBe(0o600);
  });

  it('draws the pictures, with the names of the results where there are several', async () => {
    const svg = join(folder, 'pictures');
    await reportCommand([one], { svg });
    expect(readdirSync(svg).sort()).toEqual(['copy-cost.svg', 'cores-per-100-gbit.svg']);
    const both = join(folder, 'both');
    await reportCommand([one, two], { svg: both });
    expect(readdirSync(both).sort()).toEqual([
      'one-copy-cost.svg',
      'one-cores-per-100-gbit.svg',
      'two-cores-per-100-gbit.svg',
    ]);
  });

  it('refuses a page that is too large for mail even without its data, and leaves the old one', async () => {
    const out = join(folder, 'large.html');
    writeFileSync(out, 'old');
    const warnings = [{ code: 'NOISY_HOST', seen: 'It is. '.repeat(1e6), why: 'So.', remedy: 'Stop.' }];
    const large = written('large.json', { ...resultOf(designCells()), warnings });
    await expect(reportCommand([large], { out })).rejects.toMatchObject({
      code: 'ERR_USAGE',
      message: expect.stringMatching(/the page would have 7\.\d MB without any data: it may have 5/),
    });
    expect(readFileSync(out, 'utf8')).toBe('old');
  });

  it('refuses to write nothing, and more machines than fit side by side', async () => {
    await expect(reportCommand([one], {})).rejects.toMatchObject({
      code: 'ERR_USAGE',
      message: expect.stringContaining('-o report.html'),
    });
    const out = join(folder, 'nine.html');
    await expect(reportCommand(Array(9).fill(one), { out })).rejects.toMatchObject({
      code: 'ERR_USAGE',
      message: expect.stringContaining('9 results'),
    });
    expect(existsSync(out)).toBe(false);
  });

  it('says what is wrong with a file, and writes no page then', async () => {
    const out = join(folder, 'none.html');
    const odd = written('odd.json', { schema: 'copytax.replay/1', pool: { slots: '<b>' } });
    await expect(reportCommand([odd], { out })).rejects.toMatchObject({
      code: 'ERR_RESULT_SCHEMA',
      message: expect.stringContaining('odd.json is not a whole copytax.replay/1 document: copytax: '),
    });
    for (const document of [[], null, 1, {}, { schema: 'copytax.size/2' }]) {
      const file = written('other.json', document);
      await expect(reportCommand([file], { out })).rejects.toMatchObject({ code: 'ERR_RESULT_SCHEMA' });
    }
    await expect(reportCommand([join(folder, 'no.json')], { out })).rejects.toMatchObject({ code: 'ERR_RESULT_FILE' });
    await expect(reportCommand([one], { out: folder })).rejects.toMatchObject({ code: 'ERR_RESULT_FILE' });
    expect(existsSync(out)).toBe(false);
  });
});
