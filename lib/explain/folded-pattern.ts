/**
 * Patterns that match a text also where a terminal or a mail program has broken it, between two words or within one. A
 * break within a word leaves nothing of itself, so that a pattern has to allow one between any two characters. Pure.
 */

/** Stands between lines of which the second one begins a message of its own. No pattern crosses it. */
export const RECORD = '\u001e';
/** Stands between lines of which the second one may go on in the middle of a word. */
export const FOLD = '\n';
/** Stands between lines of which the second one begins with a space, so with another word. */
export const INDENTED = '\v';

/** Parts of a pattern: an opened group, a closed one, an alternative, spaces, a last part, or a character. */
const PARTS =
  /(\(\?(?:<\w+>|[:=!]))|(\)[?*]?)|(\|)|( \??)|<<(.*?)>>|(\[(?:\\.|[^\]\\])*\]|\\.|.)(\{\d+,\d+\}|[+*?]?)/gs;

/** What follows a number or name that is the last of its pattern and was broken: its rest is a line of its own. */
const LINE_ENDS = `(?=[.)"']{0,2} *(?:[${RECORD}${FOLD}${INDENTED}]|$))`;

/** One kind of character, as often as the quantifier says, with a break after any of them, and `glue` before them. */
function repeated(one: string, quantifier: string, glue: string): string {
  if (quantifier === '') return `${glue}${one}`;
  if (quantifier === '?') return `(?:${glue}${one})?`;
  if (quantifier === '+') return `${glue}${one}(?:${FOLD}?${one})*`;
  if (quantifier === '*') return `(?:${glue}${one}(?:${FOLD}?${one})*)?`;
  const [least, most] = quantifier.slice(1, -1).split(',').map(Number) as [number, number];
  const some = `${glue}${one}(?:${FOLD}?${one}){${Math.max(0, least - 1)},${most - 1}}`;
  return least === 0 ? `(?:${some})?` : some;
}

/**
 * The source of a pattern that allows breaks. In what is given ` ` is a space or a break, ` ?` one or none, and
 * `<<part>>` the last part of a pattern, after which no word tells whether the next line goes on with it: only a line
 * of nothing else does, and none does if the part ends with `*`. `<<begin~part>>`: it may be broken after a begin that
 * is no part by itself.
 */
export function folded(source: string): string {
  let isFirst = true;
  return source.replace(PARTS, (_, opened, closed, other, space, last, one, quantifier) => {
    if (opened !== undefined) return opened;
    if (closed !== undefined) return closed;
    if (other !== undefined) return other;
    if (space !== undefined) return space === ' ' ? String.raw`\s+` : String.raw`\s*`;
    const glue = isFirst ? '' : `${FOLD}?`;
    isFirst = false;
    if (last?.endsWith('*')) return last;
    if (last !== undefined) {
      const [begin, rest = begin] = last.split('~');
      return `${glue}(?:${begin}${FOLD}${rest}${LINE_ENDS}|${rest})`;
    }
    // A place, such as `\b`, takes no character before which there could be a break.
    return one === String.raw`\b` || one === '$' || one === '^' ? one : repeated(one, quantifier, glue);
  });
}

/**
 * The words of a matched text, with its breaks taken out. `whole`: the pattern, from begin to end. A break stands for a
 * space wherever the pattern would have one, but for the insides of parentheses, where Linux has none.
 */
export function unfolded(text: string, whole: RegExp): string {
  let words = text.replaceAll(INDENTED, ' ');
  for (let at = words.indexOf(FOLD); at !== -1; at = words.indexOf(FOLD, at)) {
    const [before, after] = [words.slice(0, at), words.slice(at + 1)];
    const isInside = before.endsWith('(') || /^[),:.]/.test(after);
    const spaced = `${before} ${after}`;
    words = !isInside && whole.test(spaced) ? spaced : `${before}${after}`;
  }
  return words.replace(/\s+/g, ' ').trim();
}
