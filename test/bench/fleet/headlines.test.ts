import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { headlinesOf } from '../../../lib/bench/fleet/headlines.js';
import { scratchFolder } from '../../scratch.js';
import { collect, smallResult, writeSmallFleet } from './fixtures/small-fleet.js';

describe('the headlines of a fleet', () => {
  it('are designs under the heaviest conditions, costs, the ratio that is asked for, and copies of 64 KiB', () => {
    const fleet = collect(writeSmallFleet(scratchFolder(), 2));
    const shown = headlinesOf(fleet).map(({ kind, name, key }) => [kind, name, fleet.keys[key]!.id]);
    const heaviest = 'senders=2/queues=1/message=65536/window=4194304';
    const designs = ['direct', 'bounce', 'bounce-pages'].map((name) => [name, `tx-designs/${name}/${heaviest}`]);
    expect(shown).toEqual([
      ...designs.map((design) => ['rate', ...design]),
      ...designs.map((design) => ['cost', ...design]),
      ['ratio', 'bounce-pages : bounce', `tx-designs/bounce-pages:bounce/${heaviest}`],
      ['copy', 'movsb hot', 'copy-cost/movsb/hot/size=65536'],
      ['copy', 'movsb flushed', 'copy-cost/movsb/cold/size=65536'],
      ...designs.map((design) => ['worth', ...design]),
    ]);
  });

  it('are of the conditions that most runs have', () => {
    const folder = scratchFolder();
    const light = smallResult().results.filter(({ id }) => id.includes('senders=1/queues=1/message=16384'));
    const paths = ['a', 'b'].map((name) => join(folder, `${name}.json`));
    for (const path of paths) writeFileSync(path, JSON.stringify({ ...smallResult(), results: light, ratios: [] }));
    const fleet = collect([...paths, ...writeSmallFleet(folder, 1)]);
    const rate = headlinesOf(fleet).find(({ kind }) => kind === 'rate');
    expect(fleet.keys[rate!.key]!.id).toContain('senders=1/queues=1/message=16384');
  });

  it('are none in a fleet that measured neither', () => {
    const path = join(scratchFolder(), 'a.json');
    writeFileSync(path, JSON.stringify({ ...smallResult(), results: [], ratios: [] }));
    expect(headlinesOf(collect([path]))).toEqual([]);
  });
});
