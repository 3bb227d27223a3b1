/** Files of series: what they hold, and result files from which a series can be made. */
import { existsSync, statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { parseResult, type ResultDocument } from '../../lib/bench/result/result.js';
import { CopytaxError } from '../../lib/errors.js';
import { readJson, writeWhole } from '../files/json-file.js';
import { type Common, commonOf, parseSeries, SERIES_SCHEMA, type Series, summaryOf } from './run-summary.js';

/** Runs of these differences are not of one series. */
const COMPARED = ['fingerprint', 'version', 'commit', 'settings'] as const satisfies readonly (keyof Common)[];

/** Returns the series with another run, or one of that run alone. @throws ERR_USAGE if they do not belong together */
export function withRun(series: Series | null, run: ResultDocument): Series {
  return joined(series, { schema: SERIES_SCHEMA, ...commonOf(run), runs: [summaryOf(run)] });
}

/** Returns both series as one, in the order of time. @throws ERR_USAGE if they do not belong together */
export function joined(series: Series | null, other: Series): Series {
  if (series === null) return other;
  const different = COMPARED.find((name) => !isDeepStrictEqual(series[name], other[name]));
  if (different !== undefined) {
    const message = `runs of one series must not differ in ${different}: take a new series, in another file`;
    throw new CopytaxError('ERR_USAGE', message, { different });
  }
  const runs = [...series.runs, ...other.runs].sort((a, b) => Date.parse(a.created) - Date.parse(b.created));
  return { ...series, headline: series.headline ?? other.headline, runs };
}

/** Reads a series, or makes one of a result file. @throws ERR_RESULT_FILE, ERR_RESULT_SCHEMA, ERR_USAGE */
export function readSeries(path: string): Series {
  const value = readJson(path);
  if ((value as { schema?: unknown } | null)?.schema === SERIES_SCHEMA) return parseSeries(value, path);
  const { runs, ...single } = parseResult(value, path);
  const made = (runs ?? [single]).reduce<Series | null>((series, run) => withRun(series, run), null);
  if (made === null) throw new CopytaxError('ERR_RESULT_SCHEMA', `${path} has no run`, { source: path });
  return made;
}

/** Reads a series that is to be continued; null if there is no such file, or an empty one. @throws as `readSeries` */
export function readStarted(path: string): Series | null {
  return existsSync(path) && statSync(path).size > 0 ? parseSeries(readJson(path), path) : null;
}

/** Replaces the file in one step: a run on each line. @throws ERR_RESULT_FILE */
export function writeSeries(path: string, { runs, ...common }: Series): void {
  const head = Object.entries(common).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)},\n`);
  const lines = runs.map((run) => JSON.stringify(run)).join(',\n');
  writeWhole(path, `{\n${head.join('')}"runs": [\n${lines}\n]\n}\n`);
}
