/** Lines of public reports: how they were passed on, what they say, and of which class they are. */
import { readFileSync } from 'node:fs';

export interface Case {
  readonly class: string;
  readonly device: string | null;
  readonly size: number | null;
  readonly total: number | null;
  readonly used: number | null;
  readonly kernel: string;
  readonly line: string;
}

const file = new URL('../../../test/fixtures/explain/cases.jsonl', import.meta.url);

export const CASES: readonly Case[] = readFileSync(file, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));
