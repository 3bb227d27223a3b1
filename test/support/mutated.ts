/** Foreign text and bytes as they come in bad times: cut, flipped, doubled, and with what parsers stumble over. */
import fc from 'fast-check';
import { isErrorCode } from '../../lib/errors.js';

/** What is inserted, or stands for a number. */
const STRANGE = [
  '\0',
  '\r\n',
  '\n',
  '\uFEFF',
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '-',
  '=',
  '%',
  '\\u0000',
  '\uD800',
  '[[',
  '__proto__',
  '"__proto__":{"x":1},',
  'constructor',
  'null',
  'NaN',
  'Infinity',
  '-1',
  '1e309',
  '1e-400',
  '-0',
  '9007199254740993',
  '18446744073709551616',
  '99999999999999999999999',
  '2147483648',
  '0x1f',
  '0-4294967295',
  '['.repeat(20_000),
  '{"a":'.repeat(20_000),
];

interface Change {
  readonly kind: 'cut' | 'flip' | 'insert' | 'number' | 'double line' | 'drop line' | 'endings';
  /** Where, as a share of the text. */
  readonly at: number;
  readonly strange: string;
  readonly bits: number;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('cut', 'flip', 'insert', 'number', 'double line', 'drop line', 'endings'),
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  strange: fc.constantFrom(...STRANGE),
  bits: fc.integer({ min: 1, max: 255 }),
});

function changed(text: Buffer, { kind, at, strange, bits }: Change): Buffer {
  const place = Math.floor(at * text.length);
  if (kind === 'cut') return text.subarray(0, place);
  if (kind === 'flip') {
    const copy = Buffer.from(text);
    if (place < copy.length) copy[place]! ^= bits;
    return copy;
  }
  if (kind === 'insert') return Buffer.concat([text.subarray(0, place), Buffer.from(strange), text.subarray(place)]);
  // As bytes, each a character, so that what is no UTF-8 stays what it is.
  const whole = text.toString('latin1');
  if (kind === 'endings') return Buffer.from(whole.replaceAll('\n', '\r\n'), 'latin1');
  if (kind === 'number') {
    const numbers = [...whole.matchAll(/\d+(\.\d+)?/g)];
    const number = numbers[Math.floor(at * numbers.length)];
    if (number === undefined) return text;
    const [before, after] = [whole.slice(0, number.index), whole.slice(number.index + number[0].length)];
    return Buffer.concat([Buffer.from(before, 'latin1'), Buffer.from(strange), Buffer.from(after, 'latin1')]);
  }
  const lines = whole.split('\n');
  const line = Math.floor(at * lines.length);
  lines.splice(line, kind === 'double line' ? 0 : 1, ...(kind === 'double line' ? [lines[line]!] : []));
  return Buffer.from(lines.join('\n'), 'latin1');
}

/** One of the valid inputs after a few changes, or random bytes. */
export function mutated(...valid: readonly (string | Buffer)[]): fc.Arbitrary<Buffer> {
  const ofValid = fc
    .tuple(fc.constantFrom(...valid), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([input, changes]) => changes.reduce(changed, Buffer.from(input)));
  const random = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
  return fc.oneof({ weight: 9, arbitrary: ofValid }, { weight: 1, arbitrary: random });
}

/** As `mutated`, as text: what is no UTF-8 becomes U+FFFD. */
export const mutatedText = (...valid: readonly string[]): fc.Arbitrary<string> =>
  mutated(...valid).map((bytes) => bytes.toString('utf8'));

/** Runs a parser, and throws anything but an error of this package that it throws. */
export function returnsOrRefuses(parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
    if (name !== 'CopytaxError' || !isErrorCode(code)) throw error;
  }
}

/** Checks that a parser returns, or refuses with an error of this package, whatever it reads. */
export function survives<Input>(input: fc.Arbitrary<Input>, parse: (input: Input) => unknown, numRuns = 300): void {
  fc.assert(
    fc.property(input, (one) => returnsOrRefuses(() => parse(one))),
    { numRuns },
  );
}
