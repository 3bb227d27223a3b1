/** What a report shows of one scenario: when it ran, its tables, and below each table what its columns mean. */
import type { TableSpec } from '../bench/plan/table-spec.js';
import type { CellResult, ResultDocument, ScenarioResult } from '../bench/result/result.js';
import type { Canvas } from './bars/canvas.js';
import { rangesLegend } from './bars/legend.js';
import { linuxSendLines, linuxSendsTable } from './linux-sends.js';
import { COUNTED_LEGEND, countersTables } from './speed/counters.js';
import { pollutionSentences, pollutionTables } from './speed/pollution-text.js';
import { copyRateSparks, temperatureSparks } from './speed/rate-sparks.js';
import { scalingSentences, scalingTables } from './speed/scaling-text.js';
import { surfaceSentences, surfaceTables } from './speed/surface-text.js';
import { temperatureSentences, temperatureTables } from './speed/temperature-text.js';
import { sweepLines } from './sweep/sweep.js';
import { acrossTable } from './tables/across.js';
import { breakEvenLegend, breakEvensTable, crossingLines } from './tables/break-evens.js';
import { columnsTable } from './tables/columns.js';
import { describe, lockWaitLines } from './tables/conditions.js';
import { exhaustionTables, poolSizing } from './tables/exhaustion.js';
import { count, REPORT_WIDTH, sampleNoun, wrap } from './tables/format.js';
import { pricesLegend, pricesTables } from './tables/prices.js';
import { tablesOf } from './tables/specs.js';
import { copyCostTables, designsLegend, designsTable, pairsTable, plainTable, ratiosTable } from './tables/tables.js';

/** A scenario in a report. */
interface Shown {
  readonly result: ResultDocument;
  readonly scenario: string;
  readonly cells: readonly CellResult[];
  readonly tables: readonly TableSpec[];
  readonly canvas: Canvas | null;
}

const wrapped = (lines: readonly string[]) => lines.flatMap((line) => wrap(line, REPORT_WIDTH, '  ')).join('\n');

/** Tables, and the notes below them. */
function blocks(spec: TableSpec, { result, scenario, cells, tables, canvas }: Shown): readonly (string | null)[] {
  switch (spec.kind) {
    case 'plain':
      return [plainTable(cells)];
    case 'columns':
      return [columnsTable(cells, spec.columns, spec.words), wrapped(spec.legend ?? [])];
    case 'pairs':
      return [pairsTable(result, cells, spec.by, canvas) ?? plainTable(cells)];
    case 'across':
      return [acrossTable(result, cells, spec), wrapped(spec.legend)];
    case 'ratios':
      return [ratiosTable(result, scenario, tables.find((other) => other.kind === 'pairs')?.by, canvas)];
    case 'designs':
      return [designsTable(result, canvas), wrapped([...designsLegend(cells, result), ...lockWaitLines(cells)])];
    case 'prices':
      return [...pricesTables(result, canvas), wrapped(pricesLegend(result))];
    case 'sweep':
      return [sweepLines(result).join('\n'), lockWaitLines(cells).join('\n')];
    case 'copy-rates':
      return [...copyCostTables(cells), copyRateSparks(cells, canvas)];
    case 'copy-temperature':
      return [
        ...temperatureTables(cells),
        temperatureSparks(cells, canvas),
        wrapped([...temperatureSentences(cells, result), ...spec.legend]),
      ];
    case 'pollution':
      return [...pollutionTables(cells), wrapped([...pollutionSentences(cells), ...spec.legend])];
    case 'scaling':
      return [...scalingTables(result, cells), wrapped([...scalingSentences(result, cells), ...spec.legend])];
    case 'linux-sends':
      return [linuxSendsTable(cells), wrapped(linuxSendLines(result, cells)), wrapped(spec.legend)];
    case 'copy-surface':
      return [...surfaceTables(cells, result), wrapped([...surfaceSentences(cells), ...spec.legend])];
    case 'break-evens': {
      const found = result.breakEvens.filter((one) => one.scenario === scenario);
      const legend = breakEvenLegend(found, sampleNoun(result));
      const ofBars = canvas === null || found.length === 0 ? [] : [rangesLegend(canvas)];
      return [breakEvensTable(found, canvas), wrapped([...legend, ...ofBars])];
    }
    case 'crossings':
      return [
        wrapped(
          crossingLines(
            result.crossings.filter((one) => one.scenario === scenario),
            sampleNoun(result),
          ),
        ),
      ];
    case 'pool-exhaustion':
      return [...exhaustionTables(cells), wrapped(poolSizing(result))];
  }
}

/** Parameters that have a column of their own in a table. */
function inColumns(tables: readonly TableSpec[]): string[] {
  const columns = tables.flatMap((spec) => (spec.kind === 'columns' ? spec.columns : []));
  return columns.flatMap((column) => ('param' in column ? [column.param] : []));
}

/** Values that all cells share and that no table shows. */
function sharedParams(cells: readonly CellResult[], tables: readonly TableSpec[]): string {
  if (cells.length < 2 || tables.some(({ kind }) => kind === 'sweep')) return '';
  const said = inColumns(tables);
  const shared = Object.entries(cells[0]!.params).filter(
    ([name, value]) => !said.includes(name) && cells.every(({ params }) => params[name] === value),
  );
  return shared.length === 0 ? '' : `; all with ${describe(Object.fromEntries(shared))}`;
}

export function scenarioTitle({ name, question }: ScenarioResult): string {
  return `${name}: ${question}`;
}

/** How many samples it has: rounds or runs, or all calls of all cells. */
function samplesOf({ sampledBy }: ResultDocument, { rounds }: ScenarioResult, cells: readonly CellResult[]): number {
  return sampledBy === 'call' ? cells.reduce((sum, { samples }) => sum + samples.length, 0) : rounds.length;
}

/** Sends through Linux may all be refused: their legend says why. */
function nothing(tables: readonly TableSpec[]): string[] {
  const legends = tables.flatMap((spec) => (spec.kind === 'linux-sends' ? spec.legend : []));
  return ['nothing was measured', wrapped(legends)];
}

/** The lines below the title; with a canvas, bars and marks among them. */
export function scenarioLines(
  result: ResultDocument,
  scenario: ScenarioResult,
  canvas: Canvas | null = null,
): string[] {
  const cells = result.results.filter((cell) => cell.scenario === scenario.name);
  const tables = tablesOf(result, scenario);
  const rounds = count(samplesOf(result, scenario, cells), sampleNoun(result));
  const discarded = count(scenario.warmUpRounds, 'discarded warm-up round');
  const alone = scenario.afterOthers ? ', after the other scenarios for want of memory' : '';
  const warmUp = result.sampledBy === 'call' ? '' : ` after ${discarded}`;
  const when = `${rounds} in ${scenario.seconds.toFixed(0)} s${warmUp}${alone}${sharedParams(cells, tables)}`;
  const shown = { result, scenario: scenario.name, cells, tables, canvas };
  const counted = countersTables(cells);
  const parts = cells.length === 0 ? nothing(tables) : tables.flatMap((spec) => blocks(spec, shown));
  if (counted.length > 0) parts.push(...counted, wrapped(COUNTED_LEGEND));
  const filled = parts.filter((part) => part !== null && part !== '');
  return [...wrap(when, REPORT_WIDTH), ...filled.flatMap((part) => ['', part as string])];
}
