/**
 * HTML in which nothing but what this package wrote can be markup: a template escapes every value, and only other
 * templates go in as they are. Attributes have to stand in double quotes. Pure.
 */

/** What HTML does not allow, or what a browser would obey: controls, halves of letters, and what is no letter. */
const UNFIT = /[^\P{Cc}\t\n]|[\p{Cs}\ufffe\uffff]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Returns a text that is a text between tags and in a quoted attribute, whatever it holds. */
export function escaped(text: string): string {
  return text.replace(UNFIT, ' ').replace(/[&<>"'`]/g, (letter) => ENTITIES[letter]!);
}

/** Markup that this package wrote. No value of a file can be one: it is known by a private field. */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Returns the text of a markup, or null for any other value. */
  static textOf(value: unknown): string | null {
    return typeof value === 'object' && value !== null && #text in value ? value.#text : null;
  }

  /** The markup. */
  toString(): string {
    return this.#text;
  }
}

/** What may stand in a template. Null, undefined and false are nothing. */
export type Value = Markup | string | number | boolean | null | undefined | readonly Value[];

function written(value: unknown): string {
  const markup = Markup.textOf(value);
  if (markup !== null) return markup;
  if (Array.isArray(value)) return value.map(written).join('');
  return value === null || value === undefined || value === false ? '' : escaped(String(value));
}

/** A template: values are escaped, lists are joined, and markup stays. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return new Markup(strings.map((text, at) => text + (at < values.length ? written(values[at]) : '')).join(''));
}
