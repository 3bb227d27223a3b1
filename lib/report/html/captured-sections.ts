/** The parts of a page on what other commands found: replays of captures, and sizes of slot pools. Pure. */
import { contentError } from '../../bench/files/read-json.js';
import type { SizingDocument } from '../../capture/files/sizing-schema.js';
import type { ReplayResult } from '../../capture/replay/replay-result.js';
import { replayCharts } from '../plots/replay-plot.js';
import { sizingCharts } from '../plots/sizing-plot.js';
import { replayText } from '../replay/replay-text.js';
import { sizingText } from '../sizing/sizing-text.js';
import { chartFigure } from './chart-figure.js';
import type { Named, PageContents } from './contents.js';
import { html, type Markup } from './markup.js';
import type { PageSection } from './result-sections.js';
import { textBlock } from './tables.js';

/** A document that lacks a part, or has another kind of value there, ends in an error of the engine. */
function shownOr(name: string, schema: unknown, show: () => Markup): Markup {
  try {
    return show();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    const remedy = 'take the file as copytax wrote it: this one was edited or damaged';
    throw contentError(name, `is not a whole ${String(schema)} document: ${error.message}`, remedy);
  }
}

function replayBlock({ name, document }: Named<ReplayResult>, mostPoints: number): Markup {
  return shownOr(name, document.schema, () => {
    const figures = replayCharts(document).map((chart) => chartFigure(chart, name, mostPoints));
    const lines = replayText(document, true).trimEnd().split('\n');
    return html`<h3>${name}</h3>
${figures}
<details><summary>The replay of ${name} in full</summary>${textBlock(name, lines)}</details>
`;
  });
}

function sizingBlock({ name, document }: Named<SizingDocument>, mostPoints: number): Markup {
  return shownOr(name, document.schema, () => {
    const figures = sizingCharts(document).map((chart) => chartFigure(chart, name, mostPoints));
    const lines = sizingText(document, document.memoryFrom ?? null)
      .trimEnd()
      .split('\n');
    return html`<h3>${name}</h3>
${figures}
${textBlock(name, lines)}
`;
  });
}

/** Returns the parts that there are documents for. @throws ERR_RESULT_SCHEMA for a document that lacks a part */
export function capturedSections({ replays, sizings }: PageContents, mostPoints: number): PageSection[] {
  return [
    ...(replays.length === 0
      ? []
      : [
          {
            id: 'replays',
            heading: 'Replays of captures',
            content: html`<p>What running hosts bounced, and what those copies cost where they were replayed.</p>
${replays.map((one) => replayBlock(one, mostPoints))}`,
          },
        ]),
    ...(sizings.length === 0
      ? []
      : [
          {
            id: 'sizes',
            heading: 'Sizes of slot pools',
            content: html`<p>Which slot pool would be enough for a load.</p>
${sizings.map((one) => sizingBlock(one, mostPoints))}`,
          },
        ]),
  ];
}
