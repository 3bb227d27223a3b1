/** Holds the scanner against JSON.parse, on every line of every trace and on damaged lines. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OperationScan } from '../../../lib/trace/format/operation-scan.js';
import { parseOracleTrace } from '../../../lib/trace/format/oracle-trace.js';

const FOLDER = fileURLToPath(new URL('../../../../test/fixtures/oracle/', import.meta.url));
const TRACES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.gz') && !name.startsWith('bootparams'))
  .map((name) => gunzipSync(readFileSync(FOLDER + name)).toString('utf8'));
const DEVICES = 3;
const HEADER = TRACES[0]!.slice(0, TRACES[0]!.indexOf('\n'));
const SNAPSHOT = '{"o":"q","used":0,"hi":0,"tr":0,"ns":0,"pools":[]}';

/** Without fields that are undefined, or null; and whether the scan ended behind the newline. */
function scanned(line: string, devices = DEVICES) {
  const bytes = Buffer.from(`${line}\n`);
  const scan = new OperationScan(bytes, devices);
  const operation = scan.scan(0);
  if (operation !== null) expect(scan.end).toBe(bytes.length);
  return operation === null ? null : JSON.parse(JSON.stringify(operation));
}

describe('OperationScan', () => {
  it('reads what JSON.parse reads, and the greater part of each trace', () => {
    const different: string[] = [];
    for (const text of TRACES) {
      const lines = text.trimEnd().split('\n').slice(1);
      let plain = 0;
      for (const line of lines) {
        const operation = scanned(line, 16);
        if (operation === null) continue;
        plain++;
        // Names in one order, for a fast comparison.
        const parsed = JSON.parse(line) as Record<string, unknown>;
        const names = Object.keys(operation);
        const inOrder = Object.fromEntries(names.map((name) => [name, parsed[name]]));
        if (names.length !== Object.keys(parsed).length) different.push(line);
        if (JSON.stringify(operation) !== JSON.stringify(inOrder)) different.push(line);
      }
      expect(plain).toBeGreaterThan(0.5 * lines.length);
    }
    expect(different).toEqual([]);
  });

  it.each([
    ['a name that it does not know', '{"o":"h","x":1}'],
    ['a space', '{"o":"h", "n":1}'],
    ['a leading zero', '{"o":"p","d":0,"a":01}'],
    ['minus zero', '{"o":"p","d":0,"a":-0}'],
    ['a fraction', '{"o":"p","d":0,"a":1.5}'],
    ['a number too long to be exact', '{"o":"p","d":0,"a":9007199254740993}'],
    ['a bare minus', '{"o":"p","d":0,"a":-}'],
    ['no value', '{"o":"p","d":0,"a":}'],
    ['a missing input', '{"o":"p","d":0}'],
    ['a device that there is not', `{"o":"p","d":${DEVICES},"a":1}`],
    ['a sync for no side', '{"o":"s","id":1,"off":0,"n":1}'],
    ['a map aligned to a letter', '{"o":"m","id":1,"d":0,"c":0,"a":1,"s":1,"k":"c","dir":1}'],
    ['copies without commas', '{"o":"u","id":1,"cp":[[0[1[2[3]]}'],
    ['copies without end', '{"o":"u","id":1,"cp":[[0,1,2,3]}'],
    ['a copy of three numbers', '{"o":"u","id":1,"cp":[[0,1,2]]}'],
    ['copies of nothing', '{"o":"u","id":1,"cp":[]}'],
    ['two copies of a whole mapping', '{"o":"u","id":1,"cp":2}'],
    ['something behind it', '{"o":"h"} '],
    ['no end', '{"o":"h"'],
    ['a snapshot', SNAPSHOT],
    ['nothing', ''],
  ])('leaves a line with %s to the strict reader', (_what, line) => {
    expect(scanned(line)).toBeNull();
  });

  it('accepts no line that must be refused, and reads what JSON.parse reads', () => {
    const lines = TRACES.flatMap((text) => text.trimEnd().split('\n').slice(1, 60));
    const damage = fc.record({
      line: fc.constantFrom(...lines),
      at: fc.nat(200),
      removed: fc.nat(2),
      added: fc.oneof(fc.constantFrom('0', '-', ',', '"', '[', ']', '}', '1', 'e', '.', ' ', '"k":"c",'), fc.string()),
    });
    fc.assert(
      fc.property(damage, ({ line, at, removed, added }) => {
        const where = at % line.length;
        const damaged = (line.slice(0, where) + added + line.slice(where + removed)).replaceAll('\n', '');
        const operation = scanned(damaged, 1);
        if (operation === null) return;
        expect(operation).toEqual(JSON.parse(damaged));
        // A header with as many devices as were allowed, and an end that every trace has.
        const header = JSON.stringify({ ...JSON.parse(HEADER), devices: JSON.parse(HEADER).devices.slice(0, 1) });
        expect(parseOracleTrace('x', `${header}\n${damaged}\n${SNAPSHOT}\n`).operations).toHaveLength(2);
      }),
      { seed: 4711, numRuns: 4000 },
    );
  });
});
