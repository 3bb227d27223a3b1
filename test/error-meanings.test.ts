import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { HOW_TO_MEET, MEANINGS } from '../lib/error-meanings.js';
import { isErrorCode, remedyFor } from '../lib/errors.js';
import { FAULTS } from '../lib/faults/faults.js';
import { copyKernelIndex, Region } from '../lib/memory/index.js';
import { Folios, Slots } from '../lib/slots/index.js';

const codes = Object.keys(MEANINGS).filter(isErrorCode);

/** The texts of all sources that may throw, but for those that only list the codes. */
const sources = ['lib', 'native', 'benchmarks', 'dev'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => /\.(ts|cc|h)$/.test(file) && !/^lib\/(errors|error-meanings)\.ts$/.test(file))
    .map((file) => readFileSync(file, 'utf8')),
);

describe('MEANINGS and HOW_TO_MEET', () => {
  it('have every code, each with one clause without a full stop', () => {
    expect(Object.keys(HOW_TO_MEET)).toEqual(codes);
    for (const code of codes) expect(MEANINGS[code]).toMatch(/^\S.{10,}[^.]$/);
  });

  it('have only codes that some source throws', () => {
    const thrown = (code: string) => sources.some((text) => new RegExp(`['"]${code}['"]`).test(text));
    expect(codes.filter((code) => !thrown(code))).toEqual([]);
  });

  it('name faults that end with the code', () => {
    const named = codes.flatMap((code) => {
      const name = /^copytax fault (\S+)$/.exec(HOW_TO_MEET[code])?.[1];
      return name === undefined ? [] : [{ code, name }];
    });
    expect(named.length).toBeGreaterThan(5);
    for (const { code, name } of named) {
      const fault = FAULTS.find((one) => one.name === name);
      expect([name, ...Object.values(fault?.expected ?? {})]).toContain(code);
    }
  });

  const bytes = 1 << 20;
  it.each<[string, () => unknown]>([
    ['ERR_INVALID_ARG_TYPE', () => Region.create(4096 as never)],
    ['ERR_UNKNOWN_OPTION', () => Region.create({ bytes: 4096, hugepages: 'thp' } as never)],
    ['ERR_OUT_OF_RANGE', () => Region.create({ bytes: -1 })],
    ['ERR_NOT_POWER_OF_TWO', () => Region.create({ bytes: 4096, align: 3000 })],
    [
      'ERR_REGION_CLOSED',
      () => {
        const region = Region.create({ bytes: 4096 });
        region.close();
        region.view();
      },
    ],
    [
      'ERR_NOT_POSTABLE',
      () => {
        using region = Region.create({ bytes: 4096 });
        structuredClone(region);
      },
    ],
    ['ERR_KERNEL_UNSUPPORTED', () => copyKernelIndex(process.arch === 'arm64' ? 'avx2' : 'neon')],
    ['ERR_DOUBLE_FREE', () => withSlots(bytes, (slots, offset) => [slots.free(offset), slots.free(offset)])],
    ['ERR_BAD_ADDRESS', () => withSlots(bytes, (slots, offset) => slots.free(offset + 2048))],
    ['ERR_THREAD_ALIVE', () => withSlots(bytes, (slots) => slots.forget(slots.thread))],
    [
      'ERR_TYPE_OWNED',
      () => {
        const folios = new Folios({ pages: 1024 });
        for (const name of ['mine', 'mine']) folios.defineType(name, () => false);
      },
    ],
    [
      'ERR_WRONG_KIND',
      () => {
        const folios = new Folios({ pages: 1024 });
        const type = folios.defineType('mine', () => false);
        const pfn = folios.alloc()!;
        for (const owner of [1, 2]) folios.setType(pfn, type, owner);
      },
    ],
  ])('say how to meet %s, which is so', (code, meet) => {
    expect(meet).toThrow(expect.objectContaining({ code }));
  });
});

function withSlots(bytes: number, act: (slots: Slots, offset: number) => unknown): void {
  const slots = Slots.create({ bytes });
  try {
    act(slots, slots.alloc(4096));
  } finally {
    slots.close();
  }
}

describe('docs/errors.md', () => {
  it('has every code in alphabetical order, with meaning, remedy and how to meet it', () => {
    const page = readFileSync('docs/errors.md', 'utf8');
    const rows = [...page.matchAll(/^### (ERR_\w+)\n\n(.*)\n\n\* To do: (.*)\n\* To meet it: (.*)$/gm)];
    expect(rows.map(([, code, means, remedy, meet]) => [code, means, remedy, meet])).toEqual(
      [...codes].sort().map((code) => [code, MEANINGS[code], remedyFor(code), HOW_TO_MEET[code]]),
    );
  });
});
