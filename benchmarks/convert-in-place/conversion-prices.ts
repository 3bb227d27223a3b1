/**
 * What others have published of the cost of converting pages between private and shared. The file keeps what the
 * sources say; prices are computed from it here.
 */
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import type { PagePrice } from '../../lib/bench/plan/break-even-spec.js';
import { CopytaxError } from '../../lib/errors.js';
import { later } from '../../lib/schemas.js';
import { PAGE_SIZE } from '../../lib/units.js';

const pricesFile = () => new URL('../../../benchmarks/data/conversion-prices.json', import.meta.url);

/** A conversion calls the host at least once on the way to shared, and once on the way back. */
const EXITS_PER_USE = 2;

const text = later((z) => z.string().min(1));
const positive = later((z) => z.number().positive());
const saidSchema = later((z) => ({
  name: text(),
  platform: text(),
  quoted: text().describe('the figure as its source has it, with its unit'),
  includes: text(),
  leavesOut: text(),
  source: z.strictObject({
    title: text(),
    address: z.url(),
    date: z.string().regex(/^\d{4}(-\d\d){1,2}$/),
  }),
}));

/** Time for memory that becomes private, and for the same work where none does. */
const populatedSchema = later((z) =>
  z.strictObject({
    seconds: positive(),
    withoutSeconds: z.number().nonnegative(),
    bytes: positive(),
  }),
);

const publishedSchema = later((z) =>
  z.union([
    z.strictObject({ ...saidSchema(), nsPerExit: positive() }),
    z.strictObject({ ...saidSchema(), nsPerPage: positive() }),
    z.strictObject({ ...saidSchema(), populated: populatedSchema() }),
  ]),
);

const fileSchema = later((z) => z.strictObject({ origin: text(), prices: z.array(publishedSchema()).min(1) }));

export type PublishedPrice = z.infer<ReturnType<typeof publishedSchema>>;

/** Checks the text of a file of prices. @throws ERR_SCENARIO with the first path that is wrong */
export function parsePrices(json: string): readonly PublishedPrice[] {
  const parsed = fileSchema().safeParse(JSON.parse(json));
  if (parsed.success) return parsed.data.prices;
  const [issue] = parsed.error.issues;
  throw new CopytaxError('ERR_SCENARIO', `conversion-prices.json: ${issue!.path.join('.')}: ${issue!.message}`);
}

/** Reads the file of published prices. */
export function publishedPrices(): readonly PublishedPrice[] {
  return parsePrices(readFileSync(pricesFile(), 'utf8'));
}

function amountsOf(price: PublishedPrice): Pick<PagePrice, 'nsPerUse' | 'nsPerPage'> {
  if ('nsPerExit' in price) return { nsPerUse: EXITS_PER_USE * price.nsPerExit, nsPerPage: 0 };
  if ('nsPerPage' in price) return { nsPerUse: 0, nsPerPage: price.nsPerPage };
  const { seconds, withoutSeconds, bytes } = price.populated;
  return { nsPerUse: 0, nsPerPage: ((seconds - withoutSeconds) * 1e9) / (bytes / PAGE_SIZE) };
}

/** Returns the price of one use of memory at a published figure: a lower bound, because each leaves something out. */
export function priceFrom(published: PublishedPrice): PagePrice {
  const { name, includes, leavesOut, source } = published;
  return { name, ...amountsOf(published), isLowerBound: true, includes: `${includes}; without ${leavesOut}`, source };
}

/** Returns the price that a user gives, nanoseconds for one page there and back. */
export function givenPrice(nsPerPage: number): PagePrice {
  return {
    name: `given, ${nsPerPage} ns a page`,
    nsPerUse: 0,
    nsPerPage,
    isLowerBound: false,
    includes: 'both ways, as given with --convert-ns-per-page',
    source: null,
  };
}
