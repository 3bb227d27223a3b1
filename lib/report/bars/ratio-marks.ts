/** Marks of ratios on one logarithmic axis with a line at 1, each with its interval: ├──●──┤. Pure. */
import { axisLine, type Drawing, drawable, type Measured } from './canvas.js';

/** A ratio. */
export interface Effect extends Measured {
  /** Otherwise its mark is hollow. */
  readonly significant: boolean;
}

const LINES = { one: '│', from: '├', to: '┤', along: '─', across: '┼', sure: '●', unsure: '○', below: '◄', above: '►' };
const PLAIN = { one: '|', from: '[', to: ']', along: '-', across: '+', sure: '*', unsure: 'o', below: '<', above: '>' };

/** Ratios beyond this, or one by it, are drawn at the end of the axis. */
const MOST = 100;
/** The least that an axis reaches to each side: small differences look small. */
const LEAST = 1.1;

const within = (value: number, [low, high]: readonly [number, number]) => Math.min(high, Math.max(low, value));
const shortly = (value: number) => String(Number(value.toPrecision(2)));

/** The ends of the axis: what it has to hold, rounded outwards. */
function rangeOf(effects: readonly Measured[]): readonly [number, number] {
  const low = Math.min(1 / LEAST, ...effects.map((one) => one.low));
  const high = Math.max(LEAST, ...effects.map((one) => one.high));
  return [Math.max(1 / MOST, low), Math.min(MOST, high)];
}

/** Null, and what is no number above 0, has only the line at 1. `name`: of what they are, at the end of the axis. */
export function ratioMarks(effects: readonly (Effect | null)[], isPlain: boolean, name = ''): Drawing {
  const drawn = effects.map((effect) => {
    const measured = effect === null ? null : drawable(effect);
    return measured === null ? null : { ...measured, isSure: effect!.significant };
  });
  const range = rangeOf(drawn.filter((one) => one !== null));
  const letters = isPlain ? PLAIN : LINES;
  return (width) => {
    const [start, end] = range.map(Math.log) as [number, number];
    const columnOf = (value: number) =>
      Math.round(((Math.log(within(value, range)) - start) / (end - start)) * (width - 1));
    const one = columnOf(1);
    const rows = drawn.map((effect) => {
      const line = Array.from<string>({ length: width }).fill(' ');
      line[one] = letters.one;
      if (effect === null) return line.join('');
      const [low, median, high] = [effect.low, effect.median, effect.high].map(columnOf) as [number, number, number];
      if (low < high) {
        for (let column = low + 1; column < high; column++)
          line[column] = column === one ? letters.across : letters.along;
        line[low] = effect.low < range[0] ? letters.below : letters.from;
        line[high] = effect.high > range[1] ? letters.above : letters.to;
      }
      line[median] = effect.isSure ? letters.sure : letters.unsure;
      return line.join('');
    });
    const ticks = [
      { column: one, text: '1' },
      { column: 0, text: shortly(range[0]) },
      { column: width, text: `${shortly(range[1])} ${name}`.trimEnd() },
    ];
    return { head: axisLine(width, ticks), rows };
  };
}
