/** A page in a real browser: how it looks, that it needs no network, and what its program does by the keyboard. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { reportPage } from '../../../lib/report/html/page.js';
import { scratchFolder } from '../../scratch.js';
import { isBrowserThere, startBrowser } from '../../support/chromium.js';
import { lowContrasts } from '../../support/contrast.js';
import { hostileResult } from '../fixtures/hostile.js';
import { replayOf } from '../fixtures/replay.js';
import { controlCells, copyCells, designCells, resultOf } from '../fixtures/result.js';

const folder = scratchFolder();
const file = join(folder, 'report.html');
/** Where to keep pictures of the pages, for those who want to look at them. */
const PICTURES = process.env.COPYTAX_TEST_PICTURES;

(isBrowserThere ? describe : describe.skip)('a page in a browser', () => {
  let browser: Browser;

  beforeAll(async () => {
    const result = resultOf(designCells(), copyCells(), controlCells());
    const warnings = [{ code: 'NOISY_HOST' as const, seen: 'It is.', why: 'So.', remedy: 'Stop.' }];
    const results = [
      { name: 'one', document: { ...result, warnings } },
      { name: 'two', document: resultOf(designCells({ direct: 250, bounce: 60, 'bounce-pages': 240 })) },
      { name: 'three', document: hostileResult(result, '"><script>document.title = "taken"</script>') },
    ];
    const replays = [{ name: 'eight', document: await replayOf('vnet-tcp8-k6.12.trace.gz') }];
    writeFileSync(file, reportPage({ results, replays, sizings: [] }));
    browser = await startBrowser();
  });

  afterAll(() => browser?.close());

  /** Opens the page. `seen` has what the browser complained of, and what it asked for besides the page. */
  async function open(options: BrowserContextOptions): Promise<{ page: Page; seen: string[] }> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const seen: string[] = [];
    const address = pathToFileURL(file).href;
    page.on('console', (message) => seen.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => seen.push(String(error)));
    page.on(
      'request',
      (request) => request.url() !== address && request.url() !== 'data:,' && seen.push(request.url()),
    );
    await page.goto(address);
    return { page, seen };
  }

  it.each([
    [360, 'light'],
    [800, 'dark'],
    [1400, 'light'],
  ] as const)('fits %i pixels, and has letters that can be read in %s colours', async (width, colorScheme) => {
    const { page, seen } = await open({ viewport: { width, height: 900 }, colorScheme });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    expect(await page.title()).toContain('copytax: one, two and 2 more');
    await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
    expect(await page.evaluate(lowContrasts)).toEqual([]);
    const widths = await page.locator('.plot svg:visible').evaluateAll((all) => all.map((one) => one.clientWidth));
    expect(Math.max(...widths)).toBeLessThanOrEqual(960);
    expect(widths.length).toBe((await page.locator('figure').count()) || Number.NaN);
    if (PICTURES !== undefined) {
      mkdirSync(PICTURES, { recursive: true });
      await page.screenshot({ path: join(PICTURES, `report-${width}-${colorScheme}.png`), fullPage: true });
    }
    expect(seen).toEqual([]);
    await page.context().close();
  });

  it('is whole on paper: no table is cut, no picture is higher than a page, and nothing is hidden', async () => {
    const { page, seen } = await open({ javaScriptEnabled: false, viewport: { width: 718, height: 1000 } });
    await page.emulateMedia({ media: 'print' });
    const wide = await page
      .locator('table, pre, svg:visible, p')
      .evaluateAll((all) =>
        all
          .filter((one) => one.getBoundingClientRect().right > 718 || one.scrollWidth > one.clientWidth + 1)
          .map(String),
      );
    expect(wide).toEqual([]);
    const plots = await page.locator('.plot:visible').evaluateAll((all) => all.map((one) => one.clientHeight));
    expect(plots.length).toBe((await page.locator('figure').count()) || Number.NaN);
    expect(Math.max(...plots)).toBeLessThan(900);
    expect(await page.locator('figure table').evaluateAll((all) => all.every((one) => one.clientHeight > 0))).toBe(
      true,
    );
    expect(seen).toEqual([]);
    await page.context().close();
  });

  it('has everything to read without JavaScript, and no button that does nothing', async () => {
    const { page, seen } = await open({ javaScriptEnabled: false, viewport: { width: 800, height: 900 } });
    expect(await page.locator('.plot svg:visible').count()).toBe((await page.locator('figure').count()) || Number.NaN);
    await page.locator('summary').first().click();
    expect(await page.locator('figure table').first().isVisible()).toBe(true);
    expect(await page.locator('button:visible:not([disabled])').count()).toBe(0);
    expect(seen).toEqual([]);
    await page.context().close();
  });

  it('tells the marks of a picture by the keyboard, one by one, and by the pointer', async () => {
    const { page } = await open({ viewport: { width: 1400, height: 900 } });
    const marks = page.locator('figure').first().locator('.plot:visible [data-tip]');
    const tip = page.locator('.tip');
    const texts = await marks.evaluateAll((all) => all.map((mark) => mark.getAttribute('aria-label')));
    expect(await page.locator('figure').first().locator('.plot:visible [tabindex="0"]').count()).toBe(1);
    await page.locator('figure').first().locator('button.series').last().focus();
    await page.keyboard.press('Tab');
    expect(await tip.textContent()).toBe(texts[0]);
    for (const [key, at] of [
      ['ArrowRight', 1],
      ['ArrowDown', 2],
      ['ArrowLeft', 1],
      ['End', texts.length - 1],
      ['Home', 0],
    ] as const) {
      await page.keyboard.press(key);
      expect([key, await tip.textContent()]).toEqual([key, texts[at]]);
    }
    await page.keyboard.press('Escape');
    expect(await tip.isVisible()).toBe(false);
    await marks.first().hover();
    expect([await tip.isVisible(), await tip.textContent()]).toEqual([true, texts[0]]);
    await page.context().close();
  });

  it('hides and shows a series by the keyboard, and its marks are then passed over', async () => {
    const { page } = await open({ viewport: { width: 800, height: 900 } });
    const figure = page.locator('figure').first();
    const button = figure.locator('button.series').first();
    const shapes = figure.locator('.plot:visible [data-series="0"]');
    const hidden = () => figure.locator('.plot:visible [data-series="0"].off').count();
    const number = await shapes.count();
    expect([number > 0, await hidden()]).toEqual([true, 0]);
    await button.focus();
    await page.keyboard.press('Space');
    expect([await button.getAttribute('aria-pressed'), await hidden()]).toEqual(['false', number]);
    expect(await shapes.first().isVisible()).toBe(false);
    expect(await figure.locator('.plot:visible [tabindex="0"]').getAttribute('data-series')).not.toBe('0');
    await page.keyboard.press('Enter');
    expect([await button.getAttribute('aria-pressed'), await hidden()]).toEqual(['true', 0]);
    await page.context().close();
  });

  it('changes its colours, and gives its data back, by the keyboard', async () => {
    const { page, seen } = await open({ colorScheme: 'light', acceptDownloads: true });
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await ground();
    await page.locator('#theme').focus();
    await page.keyboard.press('Enter');
    expect(await ground()).toBe(light);
    await page.keyboard.press('Enter');
    expect(await page.locator('#theme').textContent()).toBe('Colours: dark');
    expect(await ground()).not.toBe(light);
    await page.locator('button.save').first().focus();
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    expect(download.suggestedFilename()).toBe('one.json');
    const document = JSON.parse(readFileSync(await download.path(), 'utf8'));
    expect(document.results).toHaveLength(resultOf(designCells(), copyCells(), controlCells()).results.length);
    expect(seen).toEqual([]);
    await page.context().close();
  });
});
