/** What code of others threw or gave, as text that a report may show. Pure. */
import { shown } from '../../limits.js';

/** Control characters, line ends, and marks that change the direction of what follows. */
const CONTROLS = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** Returns a text on one line, without what a terminal would obey: control characters are a space. */
export function plainText(text: string): string {
  return text.replace(CONTROLS, ' ').trim();
}

/** Returns the message of whatever was thrown. Never throws. */
export function messageOf(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  const isObject = typeof thrown === 'object' && thrown !== null;
  const { message } = isObject ? (thrown as { message?: unknown }) : {};
  return typeof message === 'string' ? message : shown(thrown);
}
