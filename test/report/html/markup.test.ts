import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { escaped, html, Markup } from '../../../lib/report/html/markup.js';
import { elementsOfPart } from '../fixtures/elements.js';
import { hostileText } from '../fixtures/hostile.js';

/** What a reader of HTML shows for a text: spaces stand for what it would not allow. */
const harmless = (text: string) => text.replace(/[^\P{Cc}\t\n]|[\p{Cs}\ufffe\uffff]/gu, ' ');

describe('the template of a page', () => {
  it('makes a text of any value, between tags and in attributes', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (between, within) => {
        const part = html`<p title="${within}">${between}</p>`;
        const [paragraph, ...others] = elementsOfPart(String(part));
        expect(others).toEqual([]);
        expect([...paragraph!.attributes]).toEqual([['title', harmless(within)]]);
        expect(paragraph!.text).toBe(harmless(between));
      }),
    );
  });

  it('takes only its own markup as it is: objects of a file that look like it are texts', () => {
    const inner = html`<b>${'<i>'}</b>`;
    expect(String(html`<p>${inner}${[1, null, undefined, false, inner]}</p>`)).toBe(
      '<p><b>&lt;i&gt;</b>1<b>&lt;i&gt;</b></p>',
    );
    const alike = { toString: () => '<i>' } as unknown as Markup;
    expect(String(html`${alike}`)).toBe('&lt;i&gt;');
    expect(Markup.textOf(JSON.parse('{"text":"<i>"}'))).toBeNull();
  });

  it('escapes the six letters that end something', () => {
    expect(escaped(`&<>"'\``)).toBe('&amp;&lt;&gt;&quot;&#39;&#96;');
  });
});
