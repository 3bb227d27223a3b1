/** The facts of hosts side by side; rows in which they differ are marked. Pure. */
import type { HostFacts } from '../../bench/facts/host-schema.js';
import type { ResultDocument } from '../../bench/result/result.js';
import { cacheRows } from '../machine/cache-rows.js';
import { cpuRows } from '../machine/cpu-rows.js';
import { bouncingRows, linuxRows } from '../machine/linux-rows.js';
import { memoryRows } from '../machine/memory-rows.js';
import type { Row } from '../machine/rows.js';
import type { Named } from './contents.js';
import { html, type Markup } from './markup.js';
import { scrolling } from './tables.js';

const GROUPS: readonly (readonly [heading: string, rows: (host: HostFacts) => readonly Row[]])[] = [
  ['CPUs', cpuRows],
  ['Caches', cacheRows],
  ['Memory', memoryRows],
  ['Linux', linuxRows],
  ['Hypervisor, encryption and bouncing', (host) => bouncingRows(host, '')],
  ['This program', ({ fingerprint }) => [['fingerprint', fingerprint]]],
];

/** The facts of a host by name; rows of one name are told apart by their number. */
function factsOf(rows: readonly Row[]): Map<string, string> {
  const facts = new Map<string, string>();
  for (const [name, value] of rows) {
    if (value === null || value === '') continue;
    const label = name === '' ? 'note' : name;
    let key = label;
    for (let number = 2; facts.has(key); number++) key = `${label} (${number})`;
    facts.set(key, value);
  }
  return facts;
}

/** A fact that some host does not tell is unknown there, and no difference. */
function rowOf(name: string, values: readonly (string | undefined)[]): Markup {
  const isOther = new Set(values.filter((value) => value !== undefined)).size > 1;
  const cells = values.map((value) => html`<td>${value ?? 'not known'}</td>`);
  return html`<tr><th scope="row">${isOther && html`<span class="differs">≠ differs:</span> `}${name}</th>${cells}</tr>
`;
}

/** Returns a table with a column for each host. */
export function hostTable(results: readonly Named<ResultDocument>[]): Markup {
  const groups = GROUPS.flatMap(([heading, rowsOf]) => {
    const hosts = results.map(({ document }) => factsOf(rowsOf(document.machine)));
    const names = [...new Set(hosts.flatMap((facts) => [...facts.keys()]))];
    if (names.length === 0) return [];
    const head = html`<tr><th scope="colgroup" colspan="${results.length + 1}">${heading}</th></tr>
`;
    return [
      head,
      ...names.map((name) =>
        rowOf(
          name,
          hosts.map((facts) => facts.get(name)),
        ),
      ),
    ];
  });
  const heads = results.map(({ name }) => html`<th scope="col">${name}</th>`);
  return scrolling(
    'Facts of the hosts',
    html`<table class="words"><thead><tr><th scope="col"></th>${heads}</tr></thead><tbody>${groups}</tbody></table>`,
  );
}
