/**
 * A page of results, replays and sizes: one file that needs no network and no program. Everything of a file goes
 * through the template of `markup.ts`. Pure.
 */
import { packageVersion } from '../../package-facts.js';
import { MOST_POINTS } from '../plots/fewer-points.js';
import { SHORTER_FORMS } from '../shorter-result.js';
import { capturedSections } from './captured-sections.js';
import type { PageContents } from './contents.js';
import { differences } from './difference-table.js';
import { type DataFile, embeddedData, packedData } from './embedded-data.js';
import { hostTable } from './host-table.js';
import { html, Markup } from './markup.js';
import { type PageSection, topicSections, verdictSection, warningSections } from './result-sections.js';
import { SCRIPT, SCRIPT_HASH } from './script.js';
import { STYLE } from './style.js';

/** The largest page, bytes: what mail and chat still take. */
export const MOST_PAGE_BYTES = 5_000_000;
/** Head, style and program, with room to spare. */
const FRAME_BYTES = 40_000;
/** What documents may take as they are: pictures have the rest. */
const PLAIN_DATA_BYTES = 1_500_000;
/** Documents that take at most this have their room before pictures have points; of larger ones, shorter forms. */
const KEPT_DATA_BYTES = 3_500_000;
/**
 * Points that all machines together have in plots of one kind, where `MOST_POINTS` make a page too large: the first of
 * these that makes it small enough.
 */
const FEWER_POINTS = [400, 100, 32] as const;

const POLICY =
  `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src '${SCRIPT_HASH}'; ` +
  "base-uri 'none'; form-action 'none'";

function hostSections({ results }: PageContents): PageSection[] {
  if (results.length === 0) return [];
  const hosts = { id: 'hosts', heading: 'Hosts', content: hostTable(results) };
  if (results.length === 1) return [hosts];
  return [{ id: 'differences', heading: 'Differences', content: differences(results) }, hosts];
}

function sectionsOf(contents: PageContents, mostPoints: number): PageSection[] {
  const { results } = contents;
  return [
    ...(results.length === 0 ? [] : [verdictSection(results)]),
    ...topicSections(results, mostPoints),
    ...capturedSections(
      contents,
      Math.floor(mostPoints / Math.max(1, contents.replays.length, contents.sizings.length)),
    ),
    ...hostSections(contents),
    ...warningSections(results),
  ];
}

const section = ({ id, heading, content }: PageSection) => html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
${content}
</section>
`;

/** The documents, and results also in their shorter forms. */
function dataOf({ results, replays, sizings }: PageContents): DataFile[] {
  const ofResults = results.map(({ name, document }) => {
    const shorter = SHORTER_FORMS.map((form) => ({ ...form, document: form.of(document) }));
    return { name, document, shorter };
  });
  return [...ofResults, ...replays, ...sizings];
}

/** Returns the parts of a page, with as many points in their pictures as `roomBytes` hold. */
function fitting(contents: PageContents, roomBytes: number): { sections: PageSection[]; body: Markup } {
  const made = (mostPoints: number) => {
    const sections = sectionsOf(contents, mostPoints);
    return { sections, body: html`${sections.map(section)}` };
  };
  let last = made(MOST_POINTS);
  for (const mostPoints of FEWER_POINTS) {
    if (Buffer.byteLength(String(last.body)) < roomBytes) break;
    last = made(mostPoints);
  }
  return last;
}

/**
 * Returns the text of an HTML file of less than `MOST_PAGE_BYTES`.
 * @throws ERR_RESULT_SCHEMA for a replay or a size that lacks a part
 */
export function reportPage(contents: PageContents): string {
  const all = [...contents.results, ...contents.replays, ...contents.sizings];
  const packed = packedData(dataOf(contents), PLAIN_DATA_BYTES);
  const mostBytes = MOST_PAGE_BYTES - FRAME_BYTES;
  const kept = packed.bytes <= KEPT_DATA_BYTES ? packed.bytes : Math.min(KEPT_DATA_BYTES, packed.leastBytes);
  const { sections, body } = fitting(contents, mostBytes - kept);
  const room = mostBytes - Buffer.byteLength(String(body));
  const data = section({
    id: 'data',
    heading: 'Data',
    content: embeddedData(packed, room),
  });
  const links = [...sections, { id: 'data', heading: 'Data' }].map(
    ({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>
`,
  );
  const [first, second, ...others] = all.map(({ name }) => name);
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  const names = [first, second].filter((name) => name !== undefined).join(', ') + more;
  return String(html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>copytax: ${names}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header>
<h1>copytax: ${names}</h1>
<p class="dim">Made by copytax ${packageVersion()}.
<span class="tools" hidden><button type="button" id="theme">Colours: as the system</button></span></p>
<nav aria-label="Parts of this page"><ul>${links}</ul></nav>
</header>
<main>
${body}${data}</main>
<script>${new Markup(SCRIPT)}</script>
</body>
</html>
`);
}
