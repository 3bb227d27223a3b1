/** The parts of a page on results: by question, and in each all machines beside each other. Pure. */
import type { ResultDocument, ScenarioResult } from '../../bench/result/result.js';
import { MINIMAL_CPU_SHARE } from '../../bench/types/ledger-keys.js';
import { failedLines } from '../failed-cells.js';
import { gapLines } from '../machine/gaps.js';
import { headLines, ownRemedy, subjectOf } from '../own-words.js';
import { charts } from '../plots/svg.js';
import { scenarioLines, scenarioTitle } from '../scenario-section.js';
import { counterLines } from '../speed/counters.js';
import { percent, REPORT_WIDTH } from '../tables/format.js';
import { codesLine, verdictParts } from '../verdict.js';
import { chartFigure } from './chart-figure.js';
import type { Named } from './contents.js';
import { html, type Markup } from './markup.js';
import { dataTable, textBlock } from './tables.js';

/** A part of a page with a heading of its own. */
export interface PageSection {
  /** Also the end of its address. */
  readonly id: string;
  readonly heading: string;
  readonly content: Markup;
}

interface Topic {
  readonly id: string;
  readonly heading: string;
  /** What is said below the heading. */
  readonly lead: string;
  /** Of names of scenarios, and of files of plots. */
  readonly holds: RegExp;
}

/** In the order of a page. A scenario or a plot belongs to the first that holds it. */
const TOPICS: readonly Topic[] = [
  {
    id: 'temperature',
    heading: 'Copy temperature',
    lead: 'What a copy costs by where the memory is that it reads and writes.',
    holds: /temperature/,
  },
  {
    id: 'cores',
    heading: 'Cores per 100 Gbit/s',
    lead: 'What 100 Gbit/s cost in cores, by design: memory to memory, a lower bound.',
    holds: /^(cores-per-100-gbit|design-prices|tx-designs)/,
  },
  {
    id: 'copies',
    heading: 'Copy surface',
    lead: 'How fast single copies are, by size, copy kernel, state of both sides, alignment and page size.',
    holds: /^copy-/,
  },
  {
    id: 'pollution',
    heading: 'Pollution of caches',
    lead: 'What copies evict from the caches, and what that costs others.',
    holds: /pollution/,
  },
  { id: 'scaling', heading: 'Scaling', lead: 'What several CPUs at once make of it.', holds: /scal/ },
  { id: 'others', heading: 'Other scenarios', lead: 'What else was measured.', holds: /^(?!cpu-speed)/ },
  {
    id: 'speed',
    heading: 'Speed of the CPUs',
    lead: 'Whether the CPUs ran at full speed beside the samples.',
    holds: /^cpu-speed/,
  },
];

/** A busy host has no costs, and a part without its picture needs a reason. */
const NO_COSTS =
  'There is no picture, because no design has a cost here: a round has one if its threads had their CPUs for ' +
  `${percent(MINIMAL_CPU_SHARE)} of the time. On a quieter host, or with more rounds, they may have one.`;

const topicOf = (name: string) => TOPICS.find(({ holds }) => holds.test(name))!;

function scenarioBlock(result: ResultDocument, scenario: ScenarioResult, name: string | null): Markup {
  const title = scenarioTitle(scenario);
  const whose = name === null ? '' : `${name}: `;
  const tables = textBlock(title, scenarioLines(result, scenario));
  return html`<details><summary>Tables: ${whose}${title}</summary>${tables}</details>
`;
}

/** Returns a part for each topic that some result has a plot or a scenario of. `mostPoints`: of plots of a kind. */
export function topicSections(results: readonly Named<ResultDocument>[], mostPoints: number): PageSection[] {
  const drawn = results.map(({ document }) => charts(document));
  return TOPICS.flatMap((topic) => {
    const isOf = (name: string) => topicOf(name) === topic;
    const named = results.length > 1;
    const figures = results.flatMap(({ name }, at) =>
      drawn[at]!.filter(({ file }) => isOf(file)).map((chart) => {
        const ofKind = drawn.flat().filter(({ file }) => file === chart.file).length;
        return chartFigure(chart, named ? name : null, Math.floor(mostPoints / ofKind));
      }),
    );
    const tables = results.flatMap(({ name, document }) =>
      document.scenarios
        .filter((scenario) => isOf(scenario.name))
        .map((scenario) => scenarioBlock(document, scenario, named ? name : null)),
    );
    if (figures.length + tables.length === 0) return [];
    const content = html`<p>${topic.lead}</p>
${topic.id === 'cores' && figures.length === 0 && html`<p>${NO_COSTS}</p>`}
${figures.length > 0 && html`<div class="figures">${figures}</div>`}
${tables}`;
    return [{ id: topic.id, heading: topic.heading, content }];
  });
}

const DESIGN_HEAD = ['design', 'rate', 'cost', 'to the baseline'];

/** A number that there is none of is said to be none, as in all other tables. */
const told = (row: readonly string[]) => row.map((text) => (text === '' ? '-' : text));

/** Lines as paragraphs: those that begin with spaces continue the one before. */
function paragraphs(lines: readonly string[]): Markup[] {
  const whole = lines.join('\n').replaceAll(/\n +/g, ' ').split('\n');
  return whole.filter((text) => text !== '').map((text) => html`<p>${text}</p>`);
}

/** Returns the verdict on each result. */
export function verdictSection(results: readonly Named<ResultDocument>[]): PageSection {
  const blocks = results.map(({ name, document }) => {
    const isBouncing = subjectOf(document) === 'bouncing';
    const { above, designs, below } = isBouncing
      ? verdictParts(document)
      : { above: headLines(document), designs: [], below: codesLine(document) };
    const label = `Designs on ${name}`;
    return html`<h3>${name}</h3>
${paragraphs(above)}
${designs.length > 0 && dataTable(label, { head: DESIGN_HEAD, rows: designs.map(told) })}
${paragraphs(below)}
`;
  });
  return { id: 'verdict', heading: 'Verdict', content: html`${blocks}` };
}

function warningBlock({ name, document }: Named<ResultDocument>, named: boolean): Markup | null {
  const isBouncing = subjectOf(document) === 'bouncing';
  const missing = gapLines([...document.machine.missing, ...document.environment.missing], REPORT_WIDTH);
  const uncounted = isBouncing ? counterLines(document.environment, REPORT_WIDTH) : [];
  const failed = failedLines(document);
  if (document.warnings.length + missing.length + uncounted.length + failed.length === 0) return null;
  const warnings = document.warnings.map(
    ({ code, seen, why, remedy }) => html`<dt><strong>${code}</strong>: ${seen}</dt>
<dd>Why: ${why}<br>Try: ${isBouncing ? remedy : ownRemedy({ code, remedy })}</dd>
`,
  );
  return html`${named && html`<h3>${name}</h3>`}<dl>${warnings}</dl>
${failed.length > 0 && html`<p>Without a value:</p>${textBlock('Without a value', failed)}`}
${missing.length > 0 && html`<p>Not known of this host:</p>${textBlock('Not known of this host', missing)}`}
${uncounted.length > 0 && html`<p>Not counted:</p>${textBlock('Not counted', uncounted)}`}`;
}

/** Returns what a reader must know before believing a number; nothing if that is nothing. */
export function warningSections(results: readonly Named<ResultDocument>[]): PageSection[] {
  const blocks = results.map((one) => warningBlock(one, results.length > 1)).filter((block) => block !== null);
  return blocks.length === 0 ? [] : [{ id: 'warnings', heading: 'Warnings', content: html`${blocks}` }];
}
