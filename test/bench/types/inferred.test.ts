import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import type * as hostSchemas from '../../../lib/bench/facts/host-schema.js';
import type * as environmentSchemas from '../../../lib/bench/host/environment.js';
import type { BENCH_OPTIONS } from '../../../lib/bench/plan/bench-option-table.js';
import type { pagePriceSchema } from '../../../lib/bench/plan/break-even-spec.js';
import type { SettingOf } from '../../../lib/bench/plan/option-row.js';
import type { OptionSettings } from '../../../lib/bench/plan/option-settings.js';
import type * as tableSchemas from '../../../lib/bench/plan/table-spec.js';
import type * as cellSchemas from '../../../lib/bench/result/cell-schema.js';
import type * as coresSchemas from '../../../lib/bench/result/cores-schema.js';
import type * as resultSchemas from '../../../lib/bench/result/result.js';
import type * as cells from '../../../lib/bench/types/cells.js';
import type * as cores from '../../../lib/bench/types/cores.js';
import type * as cpus from '../../../lib/bench/types/cpus.js';
import type * as environment from '../../../lib/bench/types/environment.js';
import type * as host from '../../../lib/bench/types/host.js';
import type { PagePrice } from '../../../lib/bench/types/prices.js';
import type * as result from '../../../lib/bench/types/result.js';
import type * as tables from '../../../lib/bench/types/tables.js';

/** True only of a type that takes what the other has, and the other way round. */
type Same<Written, Inferred> = [Written] extends [Inferred] ? ([Inferred] extends [Written] ? true : false) : false;
/** The settings that the table of options makes. */
type Rows = { readonly [Key in keyof typeof BENCH_OPTIONS]: SettingOf<(typeof BENCH_OPTIONS)[Key]> };
type Of<Schema extends () => z.ZodType> = z.infer<ReturnType<Schema>>;

/** The compiler refuses a line whose written type is not what its schema infers. */
const SAME = {
  cache: true satisfies Same<cpus.CacheFacts, Of<typeof hostSchemas.cacheSchema>>,
  host: true satisfies Same<host.HostFacts, Of<typeof hostSchemas.hostSchema>>,
  environment: true satisfies Same<environment.Environment, Of<typeof environmentSchemas.environmentSchema>>,
  price: true satisfies Same<PagePrice, Of<typeof pagePriceSchema>>,
  column: true satisfies Same<tables.Column, Of<typeof tableSchemas.columnSchema>>,
  table: true satisfies Same<tables.TableSpec, Of<typeof tableSchemas.tableSpecSchema>>,
  cores: true satisfies Same<cores.Cores, Of<typeof coresSchemas.coresSchema>>,
  difference: true satisfies Same<cores.CostDifferenceResult, Of<typeof coresSchemas.costDifferenceSchema>>,
  cell: true satisfies Same<cells.CellResult, Of<typeof cellSchemas.cellSchema>>,
  failed: true satisfies Same<cells.FailedCell, Of<typeof cellSchemas.failedSchema>>,
  ratio: true satisfies Same<cells.RatioResult, Of<typeof cellSchemas.ratioSchema>>,
  breakEven: true satisfies Same<cells.BreakEvenResult, Of<typeof cellSchemas.breakEvenSchema>>,
  crossing: true satisfies Same<cells.CrossingResult, Of<typeof cellSchemas.crossingSchema>>,
  options: true satisfies Same<OptionSettings, Rows>,
  settings: true satisfies Same<result.SettingsResult, Of<typeof resultSchemas.settingsSchema>>,
  run: true satisfies Same<result.RunResult, Of<typeof resultSchemas.runSchema>>,
  result: true satisfies Same<result.ResultDocument, Of<typeof resultSchemas.resultSchema>>,
};

describe('the types of what result files hold', () => {
  it('are those that the schemas infer', () => {
    expect(Object.values(SAME).every(Boolean)).toBe(true);
  });

  it('are refused by the compiler where a field is missing, is optional or may be null besides', () => {
    const no = {
      missing: false satisfies Same<{ a: number }, { a: number; b: string }>,
      optional: false satisfies Same<{ a?: number }, { a: number }>,
      absent: false satisfies Same<{ a?: number }, { a?: number | undefined }>,
      nullable: false satisfies Same<{ a: number | null }, { a: number }>,
    };
    expect(Object.values(no).some(Boolean)).toBe(false);
  });
});
