/** What bars and marks are drawn on: lines of a terminal. Null stands for output that has none, such as a pipe. */
export interface Canvas {
  /** Of a line. */
  readonly columns: number;
  /** Only characters of ASCII. */
  readonly isPlain: boolean;
}

/** The texts beside a table, all of `width` columns: the axis beside its head, then one beside each row. */
export type Drawing = (width: number) => { readonly head: string; readonly rows: readonly string[] };

/** A measured value, with its interval. */
export interface Measured {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Returns the value with an interval that has two ends and holds it; null for what cannot be drawn. */
export function drawable({ median, low, high }: Measured): Measured | null {
  if (!Number.isFinite(median) || median <= 0) return null;
  const isInterval = Number.isFinite(low) && Number.isFinite(high) && low <= high;
  if (!isInterval) return { median, low: median, high: median };
  return { median, low: Math.min(low, median), high: Math.max(high, median) };
}

/** A text below a column of an axis. */
export interface Tick {
  readonly column: number;
  readonly text: string;
}

/** Returns a line of exactly `width` columns with the texts in the middle of theirs, as far as they do not touch. */
export function axisLine(width: number, ticks: readonly Tick[]): string {
  const line = Array.from<string>({ length: width }).fill(' ');
  for (const { column, text } of ticks) {
    const from = Math.max(0, Math.min(width - text.length, Math.round(column - text.length / 2)));
    const around = line.slice(Math.max(0, from - 1), from + text.length + 1);
    if (text.length > width || around.some((letter) => letter !== ' ')) continue;
    line.splice(from, text.length, ...text);
  }
  return line.join('');
}
