/** The browser of the distribution, without a screen. Where there is none, its tests are left out, and say so. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const found = PLACES.find((path) => existsSync(path));

/** Nothing of it speaks to a network. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

if (found === undefined) {
  console.warn(`SKIPPED: pages were not looked at in a browser: none of ${PLACES.join(', ')} is there`);
}

/** Whether there is one. */
export const isBrowserThere = found !== undefined;

/** Starts a browser; its owner closes it. */
export const startBrowser = (): Promise<Browser> => chromium.launch({ executablePath: found!, args: FLAGS });
