import { setTimeout as delay } from 'node:timers/promises';
import { SECOND } from './durations.js';
import { expectStatus } from './expectations.js';
import type { TestApp } from './test-app.js';

/** A server that is busy with nothing but one bad request answers far sooner; the machine may be loaded. */
export const FROZEN_MS = 2 * SECOND;

export interface Pulse {
  /** How long the slowest answer took. */
  stop(): Promise<number>;
}

/** Asks all the while whether the server is alive. */
export function watchPulse({ get }: TestApp): Pulse {
  const stopping = new AbortController();
  let slowest = 0;
  const watching = (async () => {
    while (!stopping.signal.aborted) {
      const start = performance.now();
      expectStatus(await get('/health/live'), 200);
      slowest = Math.max(slowest, performance.now() - start);
      await delay(25);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await watching;
      return slowest;
    },
  };
}
