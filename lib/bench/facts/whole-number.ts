/** Counts and sizes as the files of Linux write them: decimal digits. Pure. */

/**
 * Returns the number of a text of decimal digits. Null for any other text, and for a number that is too large to be
 * exact: a signed one that has fallen below zero reads so, and no count of a host is as large.
 */
export function wholeNumber(text: string | null | undefined): number | null {
  const value = /^\d+$/.test(text ?? '') ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : null;
}

/** Returns the same, and null for zero, which stands for "not known" where a size cannot be zero. */
export function positiveNumber(text: string | null | undefined): number | null {
  return wholeNumber(text) || null;
}

/** Returns the bytes of `units` units of `unitBytes`; null where the number is not known or the bytes are not exact. */
export function bytesOf(units: number | null, unitBytes: number): number | null {
  const bytes = units === null ? Number.NaN : units * unitBytes;
  return Number.isSafeInteger(bytes) ? bytes : null;
}
