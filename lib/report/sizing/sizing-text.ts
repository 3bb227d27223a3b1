/** The report of `copytax size`. Pure. */
import type { ComparedPool, PoolSizing, SizedLoad, SizingNote, TriedPool } from '../../capture/sizing/pool-sizing.js';
import { DEFAULT_SLOTS } from '../../swiotlb/boot/boot-options.js';
import { SLOT_SIZE } from '../../units.js';
import { bytes, count, harmless, nanoseconds, REPORT_WIDTH, roughBytes, significant, wrap } from '../tables/format.js';
import { table } from '../tables/table.js';

/** Notes that are about what was asked; the others are what is assumed. */
const isAssumption = ({ code }: SizingNote) =>
  code.startsWith('assumed-') || code === 'pages' || code === 'send-buffers';

const size = (slots: number) => bytes(slots * SLOT_SIZE);
/** Below a millionth of a percent with an exponent: what was asked for is not shown as 0. */
const share = (probability: number) => {
  const percent = probability * 100;
  return `${percent > 0 && percent < 1e-6 ? Number(percent.toPrecision(3)) : significant(percent)} %`;
};

/** `memoryFrom`: where the size of the memory is from, if it was not given. */
export function sizingText(sizing: PoolSizing, memoryFrom: string | null): string {
  const { notes } = sizing;
  const parts = [
    headLines(sizing),
    adviceLines(sizing),
    triedLines(sizing),
    comparedLines(sizing, memoryFrom),
    percentLines(sizing),
    listed(
      'To know',
      notes.filter((one) => !isAssumption(one)),
    ),
    listed('Assumed', notes.filter(isAssumption)),
  ];
  const shown = parts.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${harmless(shown.join('\n\n'))}\n`;
}

function headLines({ loads, cpus, flows }: PoolSizing): string[] {
  const held = (one: SizedLoad) =>
    one.floor === 0 ? '' : `, above ${count(one.floor, 'slot')} that ${one.floor === 1 ? 'is' : 'are'} held`;
  const drawn = flows === null ? '' : ' of each pass, drawn anew,';
  const of = (one: SizedLoad) =>
    `${one.name}: ${count(one.mappings, 'mapping')}${drawn} of ${roughBytes(one.bytes)} in ` +
    `${nanoseconds(one.durationNs)}, at most ${roughBytes(one.largestBytes)}${held(one)}`;
  return [
    `Slot pools for ${loads.length === 1 ? 'this load' : 'these loads'}, mapped on ${count(cpus, 'CPU')}:`,
    ...loads.flatMap((one) => wrap(of(one), REPORT_WIDTH, '  ', '  ')),
  ];
}

function adviceLines(sizing: PoolSizing): string[] {
  const { recommended } = sizing;
  if (recommended === null) return [];
  const { slots, token, enoughSlots, headroom, percent, moreBytes, areas, mayShrink } = recommended;
  const factor = Number(headroom.toPrecision(3));
  // Without evidence for it a smaller pool is what this load needs, and no advice.
  const isAdvice = mayShrink || (moreBytes === null ? slots >= DEFAULT_SLOTS : moreBytes >= 0);
  const more = moreBytes === null || moreBytes === 0 || !isAdvice ? '' : `, ${moreText(moreBytes)} than there is`;
  const pages =
    percent === null
      ? []
      : percent === 0
        ? ['no bounce pages: at each percent that was tried other mappings fail']
        : [
            `bounce pages of senders up to ${percent} % of the pool, the most that was tried and harmed no others: ` +
              'a limit, without headroom',
          ];
  const why =
    `${size(slots)} in ${count(areas, 'area')}${more}: ${factor} times the ${enoughSlots} slots ` +
    `(${size(enoughSlots)}) that are enough`;
  const reasons = [why, meaning(sizing), ...pages];
  const title = isAdvice ? 'Boot with' : 'What this load needs, which says too little to make a pool smaller by it:';
  return [title, `  ${token}`, ...reasons.flatMap((text) => wrap(text, REPORT_WIDTH, '    ', '    '))];
}

function moreText(moreBytes: number): string {
  return `${bytes(Math.abs(moreBytes))} ${moreBytes > 0 ? 'more' : 'less'}`;
}

function meaning({ pools, recommended, seen, target }: PoolSizing): string {
  const { enoughSlots, high } = recommended!;
  const enough = pools.find((one) => one.slots === enoughSlots && one.percent === 0 && one.failures?.high === high);
  const failed = enough?.failures?.failures === 0 ? 'none' : 'few enough';
  const wanted = target.asked === null ? '' : `; ${share(target.asked)} was asked for`;
  const atMost = `with 95 % confidence at most ${share(high)} do${wanted}`;
  return `${failed} of ${count(seen, 'mapping')} failed in those: ${atMost}`;
}

/** `none`, or the share that failed; behind it its upper limit. */
export function failureText({ failures, holdsFloor }: TriedPool): string {
  if (!holdsFloor) return 'holds less';
  if (failures === null) return '-';
  return `${failures.failures === 0 ? 'none' : share(failures.probability)} (${share(failures.high)})`;
}

/** Rows for the reader: up to twice what is recommended, and those that are compared. */
function triedLines({ pools, recommended, compared }: PoolSizing): string[] {
  if (pools.length === 0) return [];
  const last = recommended === null ? Number.POSITIVE_INFINITY : 2 * recommended.slots;
  const marks = new Set(compared.map(({ pool }) => pool.slots));
  const sizes = [...new Set(pools.map(({ slots }) => slots))].filter((slots) => slots <= last || marks.has(slots));
  const counts = [...new Set(pools.filter(({ slots }) => slots === sizes.at(-1)).map(({ areas }) => areas))];
  const columns = counts.sort((a, b) => a - b);
  const percent = pools.find((one) => one.percent > 0)?.percent ?? null;
  const of = (slots: number, areas: number, ofPercent: number) =>
    pools.find((one) => one.slots === slots && one.percent === ofPercent && one.areas === areas) ?? null;
  const cell = (pool: TriedPool | null) => (pool === null ? '' : failureText(pool));
  const rows = sizes.map((slots) => {
    const widest = pools.filter((one) => one.slots === slots && one.percent === percent).at(-1) ?? null;
    const used = Math.max(
      ...pools.filter((one) => one.slots === slots && one.percent === 0).map((one) => one.mostUsed),
    );
    const fewer = Math.max(1, Math.floor(slots / 128));
    return [
      String(slots),
      size(slots),
      ...columns.map((areas) => cell(of(slots, Math.min(areas, fewer), 0))),
      ...(percent === null ? [] : [cell(widest)]),
      String(used),
    ];
  });
  const withPages = percent === null ? [] : [`with pages, ${percent} %`];
  const head = ['slots', 'size', ...columns.map((areas) => count(areas, 'area')), ...withPages, 'most used'];
  const title =
    'Mappings that fail, and in parentheses the upper limit of their share at 95 % confidence. A pool has no more ' +
    'areas than segments of 128 slots:';
  return [...wrap(title, REPORT_WIDTH), '', ...indented(table(head, rows, 0))];
}

const NAMES: Readonly<Record<ComparedPool['name'], string>> = {
  have: 'what there is',
  default: '64 MiB, the usual',
  'share-of-memory': '6 % of memory',
  largest: '1 GiB',
};

function comparedLines({ compared, memoryBytes }: PoolSizing, memoryFrom: string | null): string[] {
  if (compared.length === 0) return [];
  const from = memoryFrom === null ? '' : `, ${memoryFrom}`;
  const memory = memoryBytes === null ? '' : ` (memory: ${roughBytes(memoryBytes)}${from})`;
  const rows = compared.map(({ name, pool, isEnough, fits }) => [
    NAMES[name],
    !isEnough ? 'too small' : fits ? 'enough' : 'too large',
    String(pool.slots),
    size(pool.slots),
    String(pool.areas),
    failureText(pool),
    pool.failingShare === 0 ? '-' : share(pool.failingShare),
    pool.mostUsed === 0 ? '-' : share(pool.mostUsed / pool.slots),
  ]);
  const head = ['', '', 'slots', 'size', 'areas', 'mappings fail', 'of the time', 'most used'];
  const large = compared.some(({ isEnough, fits }) => isEnough && !fits)
    ? '; too large: more than a quarter of it'
    : '';
  const title = `What other pools would do${memory}${large}:`;
  return [...wrap(title, REPORT_WIDTH), '', ...indented(table(head, rows, 2))];
}

function percentLines({ percents }: PoolSizing): string[] {
  if (percents.length === 0) return [];
  const rows = percents.map((pool) => [
    `${pool.percent} %`,
    failureText(pool),
    roughBytes(pool.mostPageSlots * SLOT_SIZE),
  ]);
  const title = `Bounce pages of senders in the pool of ${percents[0]!.slots} slots:`;
  return [title, '', ...indented(table(['percent', 'other mappings fail', 'pages hold'], rows, 0))];
}

function indented(text: string): string[] {
  return text.split('\n').map((line) => `  ${line}`);
}

function listed(title: string, notes: readonly SizingNote[]): string[] {
  if (notes.length === 0) return [];
  return [`${title}:`, ...notes.flatMap(({ text }) => wrap(`${text}.`, REPORT_WIDTH, '  ', '* '))];
}
