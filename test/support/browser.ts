import { type Browser, chromium } from 'playwright-core';
import { inject } from 'vitest';

const executablePath = inject('chromium');

/** For `describe.skipIf(!browserAvailable)`. */
export const browserAvailable = executablePath !== null;

/** A browser with a profile of its own that talks to nobody but this machine. */
export async function launchBrowser(): Promise<Browser> {
  if (executablePath === null) throw new Error('There is no chromium on this machine');
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  });
}
