/**
 * Where a text stops being JSON. The engine's own message has the place in some of its versions, in others not, and
 * never says whether the text only ended too early. Read only after `JSON.parse` has refused a text. Pure.
 */

export interface JsonFault {
  /** Of the first character that cannot be there; the length of the text if it ended too early. */
  readonly offset: number;
  /** The text is the beginning of JSON. */
  readonly isCutOff: boolean;
}

const SPACE = /[ \t\n\r]*/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
/** Characters of a string that need no look at what follows them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a string may not have
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
/** What may be the beginning of a scalar or of an escape, at the end of a text. */
const PARTIAL = /^(?:|-|t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?|\\(?:u[0-9a-fA-F]{0,3})?)$/;
/** What may be the beginning of more of a number. */
const PARTIAL_NUMBER = /^(?:\.|[eE][+-]?)$/;

/** Walks over a text. `at` is behind what was JSON. */
class Walk {
  readonly #text: string;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  skips(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const found = pattern.test(this.#text);
    if (found) this.at = pattern.lastIndex;
    return found;
  }

  takes(character: string): boolean {
    const is = this.#text[this.at] === character;
    if (is) this.at++;
    return is;
  }

  string(): boolean {
    if (!this.takes('"')) return false;
    do this.skips(PLAIN);
    while (this.skips(ESCAPE));
    return this.takes('"');
  }

  isAtEnd(): boolean {
    return this.at === this.#text.length;
  }

  fault(): JsonFault {
    const rest = this.#text.slice(this.at, this.at + 6);
    const isNumber = /\d/.test(this.#text[this.at - 1] ?? '');
    const isCutOff = PARTIAL.test(rest) || (isNumber && PARTIAL_NUMBER.test(rest));
    return { offset: isCutOff ? this.#text.length : this.at, isCutOff };
  }
}

/** Returns where a text stops being JSON; null if it is JSON. Takes time in proportion to its length. */
export function jsonFault(text: string): JsonFault | null {
  const walk = new Walk(text);
  /** The brackets that end what is open. */
  const open: string[] = [];
  const key = () => walk.string() && walk.skips(SPACE) && walk.takes(':');
  for (;;) {
    // A value begins here.
    walk.skips(SPACE);
    const closing = walk.takes('{') ? '}' : walk.takes('[') ? ']' : null;
    if (closing !== null) {
      open.push(closing);
      walk.skips(SPACE);
      if (!walk.takes(closing)) {
        if (closing === '}' && !key()) return walk.fault();
        continue;
      }
      open.pop();
    } else if (!(walk.skips(SCALAR) || walk.string())) return walk.fault();
    // A value has ended here, and with it, maybe, what it is in.
    walk.skips(SPACE);
    while (open.length > 0 && walk.takes(open.at(-1)!)) {
      open.pop();
      walk.skips(SPACE);
    }
    if (open.length === 0) return walk.isAtEnd() ? null : walk.fault();
    if (!walk.takes(',')) return walk.fault();
    walk.skips(SPACE);
    if (open.at(-1) === '}' && !key()) return walk.fault();
  }
}

export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** Returns line and column of a character, both counted from 1. */
export function placeOf(text: string, offset: number): TextPlace {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

const EXCERPT = 40;

/** Returns the text around a character, on one line and between backquotes, at most 40 characters of it. */
export function excerptOf(text: string, offset: number): string {
  const from = Math.max(0, Math.min(offset - EXCERPT / 2, text.length - EXCERPT));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal might obey them
  const shown = text.slice(from, from + EXCERPT).replaceAll(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ');
  return `\`${from > 0 ? '...' : ''}${shown}${from + EXCERPT < text.length ? '...' : ''}\``;
}
