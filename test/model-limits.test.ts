import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { GROWTH_ALIGN, GROWTH_ORDER } from '../lib/model-limits.js';
import { packageFolder } from '../lib/package-facts.js';
import { PAGE_SIZE } from '../lib/units.js';

const LIB = join(packageFolder(), 'dist/lib');

/** Returns the files of ours that an import of `entry` loads, from dist/lib on. */
function loadedBy(entry: string): readonly string[] {
  const loaded = new Set([join(LIB, entry)]);
  for (const file of loaded) {
    for (const [, path] of readFileSync(file, 'utf8').matchAll(/^(?:import|export) [^'"]*['"](\.[^'"]*)['"];$/gm)) {
      loaded.add(join(dirname(file), path!));
    }
  }
  return [...loaded].map((file) => file.slice(LIB.length + 1));
}

describe('limits of the model', () => {
  it('align memory for growth to its largest block', () => {
    expect(GROWTH_ALIGN).toBe(PAGE_SIZE * 2 ** GROWTH_ORDER);
  });

  it('keep knobs, and so options and reports, from loading what has these limits', () => {
    const loaded = loadedBy('machine/build/knobs.js');
    expect(loaded).toContain('model-limits.js');
    expect(loaded).toContain('dma/completion-modes.js');
    const having = [
      'net/skb.js',
      'owner/tx-buf.js',
      'page/growth-blocks.js',
      'page/percent-limit.js',
      'dma/device-engine.js',
    ];
    expect(having.filter((file) => loaded.includes(file))).toEqual([]);
  });
});
