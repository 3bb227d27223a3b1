/** What a trace is refused for, in words. Pure, but for zod, which is loaded at the first refusal. */
import type { z } from 'zod';
import { zod } from '../../schemas.js';

const NEWLINE = 0x0a;

/** Returns what is wrong with a header: the field first, as in `config.nslabs: Too big: expected ...`. */
export function headerFault(error: z.ZodError): string {
  const first = error.issues[0]!;
  const field = zod().core.toDotPath(first.path);
  return `the header is wrong: ${field === '' ? '' : `${field}: `}${first.message}`;
}

/** Returns the number of the last line of a trace that does not end with a newline. */
export function lastLine(bytes: Buffer): number {
  let line = 1;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) line++;
  return line;
}

/** Returns why a line cannot be read as JSON. */
export function lineFault(text: string, cause: unknown): string {
  if (text.trim() === '') return 'the line is empty, and each line of a trace holds an operation';
  return `not JSON: ${(cause as Error).message}`;
}
