/** `copytax report RESULT... -o FILE`: makes a page of results, replays and sizes of slot pools, or their pictures. */

import { readJson } from '../../bench/files/read-json.js';
import { parseResult, type ResultDocument } from '../../bench/result/result.js';
import { ResultFile } from '../../bench/result/result-file.js';
import { parseReplay } from '../../capture/files/replay-schema.js';
import { parseSizing, type SizingDocument } from '../../capture/files/sizing-schema.js';
import type { ReplayResult } from '../../capture/replay/replay-result.js';
import { CopytaxError } from '../../errors.js';
import { MOST_RESULTS, type Named, type PageContents } from '../../report/html/contents.js';
import type { Plot } from '../../report/plots/plots.js';
import { namesOf } from '../options/file-groups.js';
import { usageError } from '../options/usage.js';
import { writePlots } from '../terminal/write-plots.js';

/** The options as commander returns them. */
export interface ReportArguments {
  /** The page. */
  readonly out?: string;
  /** Folder for the pictures. */
  readonly svg?: string;
}

const REPLAY = /^copytax\.replay\/1$/;
const SIZING = /^copytax\.size\/1$/;

/** Reads all files. What no replay and no size is has to be a result. @throws ERR_RESULT_FILE, ERR_RESULT_SCHEMA */
export function readContents(files: readonly string[]): PageContents {
  const names = namesOf(files.map((file) => [file]));
  const contents = {
    results: [] as Named<ResultDocument>[],
    replays: [] as Named<ReplayResult>[],
    sizings: [] as Named<SizingDocument>[],
  };
  for (const [at, file] of files.entries()) {
    const name = names[at]!;
    const value = readJson(file);
    const schema = String((value as { schema?: unknown } | null)?.schema);
    if (REPLAY.test(schema)) contents.replays.push({ name, document: parseReplay(value, file) });
    else if (SIZING.test(schema)) contents.sizings.push({ name, document: parseSizing(value, file) });
    else contents.results.push({ name, document: parseResult(value, file) });
  }
  return contents;
}

/** The pictures; of several documents, with their names before those of the files. */
async function picturesOf({ results, replays, sizings }: PageContents): Promise<Plot[]> {
  // Loaded here because loading takes half a second, which other commands need not wait.
  const { plots } = await import('../../report/plots/plots.js');
  const { replayPlots } = await import('../../report/plots/replay-plot.js');
  const { sizingPlots } = await import('../../report/plots/sizing-plot.js');
  const made = [
    ...results.map(({ name, document }) => ({ name, own: plots(document) })),
    ...replays.map(({ name, document }) => ({ name, own: replayPlots(document) })),
    ...sizings.map(({ name, document }) => ({ name, own: sizingPlots(document) })),
  ];
  const prefix = (name: string) => (made.length > 1 ? `${name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')}-` : '');
  return made.flatMap(({ name, own }) => own.map(({ file, svg }) => ({ file: `${prefix(name)}${file}`, svg })));
}

function requirePictures(files: readonly string[], made: readonly Plot[]): void {
  if (made.length > 0) return;
  throw new CopytaxError('ERR_RESULT_FILE', `${files.join(', ')} has no cells that a picture shows`, {
    file: files[0],
    remedy: 'name a result with cells of copy-cost or tx-designs, which `copytax bench` measures by itself',
  });
}

/** Data and points give way to the size of a page; hundreds of replays, or texts of megabytes, do not. */
function requireSize(bytes: number, mostBytes: number): void {
  if (bytes < mostBytes) return;
  const megabytes = (bytes / 1e6).toFixed(1);
  throw usageError(`the page would have ${megabytes} MB without any data: it may have ${mostBytes / 1e6}`, {
    remedy: 'name fewer files',
  });
}

/**
 * Writes a page, pictures, or both. Resolves to the names of what it wrote, one per line.
 * Rejects with ERR_USAGE, ERR_RESULT_FILE, ERR_RESULT_SCHEMA.
 */
export async function reportCommand(files: readonly string[], { out, svg }: ReportArguments): Promise<string> {
  if (out === undefined && svg === undefined) {
    throw usageError('nothing to write: name a page with -o report.html, or a folder for pictures with --svg');
  }
  const page = out === undefined ? null : ResultFile.open(out);
  const contents = readContents(files);
  if (contents.results.length > MOST_RESULTS) {
    throw usageError(`${contents.results.length} results: a page has room for ${MOST_RESULTS} side by side`, {
      remedy: 'name fewer, or compare them with `copytax compare`, which takes any number',
    });
  }
  let written = '';
  if (page !== null) {
    const { MOST_PAGE_BYTES, reportPage } = await import('../../report/html/page.js');
    const text = reportPage(contents);
    requireSize(Buffer.byteLength(text), MOST_PAGE_BYTES);
    page.replace(text);
    written += page.isStdout ? '' : `${out}\n`;
  }
  if (svg !== undefined) {
    const made = await picturesOf(contents);
    requirePictures(files, made);
    written += writePlots(svg, made);
  }
  return written;
}
