import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { BackgroundLoop, type BackgroundLoopOptions } from '#app/shared/background/background-loop.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp(options: Partial<BackgroundLoopOptions> = {}) {
  const run = vi.fn<BackgroundLoopOptions['run']>(async () => undefined);
  const onFailure = vi.fn<BackgroundLoopOptions['onFailure']>();
  return { run, onFailure, loop: new BackgroundLoop({ interval: 1000, run, onFailure, ...options }) };
}

/** A run that lasts until it is told to end. */
function longRun() {
  let end = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { run: () => over, end };
}

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

it('runs after each interval', async () => {
  const { run, loop } = setUp();
  loop.start();
  await pass(999);
  expect(run).not.toHaveBeenCalled();
  await pass(1);
  expect(run).toHaveBeenCalledTimes(1);
  await pass(2000);
  expect(run).toHaveBeenCalledTimes(3);
});

it('makes intervals shorter or longer by no more than the jitter', async () => {
  const random = vi.spyOn(Math, 'random');
  const { run, loop } = setUp({ jitter: 0.5 });
  random.mockReturnValue(0);
  loop.start();
  await pass(499);
  expect(run).not.toHaveBeenCalled();
  random.mockReturnValue(1);
  await pass(1);
  expect(run).toHaveBeenCalledTimes(1);
  await pass(1499);
  expect(run).toHaveBeenCalledTimes(1);
  await pass(1);
  expect(run).toHaveBeenCalledTimes(2);
  random.mockRestore();
});

it('runs at once when it is woken, and an interval later again', async () => {
  const { run, loop } = setUp();
  loop.wake();
  await pass(0);
  expect(run).toHaveBeenCalledTimes(1);
  await pass(1000);
  expect(run).toHaveBeenCalledTimes(2);
});

it('serves a burst of wake-ups by one run, the delay after the first of them', async () => {
  const { run, loop } = setUp({ wakeDelay: 100 });
  loop.wake();
  await pass(60);
  loop.wake();
  await pass(40);
  expect(run).toHaveBeenCalledTimes(1);
  await pass(999);
  expect(run).toHaveBeenCalledTimes(1);
});

it('runs once more, never twice at a time, when it is woken during a run', async () => {
  const { run, loop } = setUp();
  const first = longRun();
  run.mockImplementationOnce(first.run);
  loop.wake();
  await pass(0);
  loop.wake();
  loop.wake();
  await pass(5000);
  expect(run).toHaveBeenCalledTimes(1);
  first.end();
  await pass(0);
  expect(run).toHaveBeenCalledTimes(2);
});

it('reports a failure and goes on after an interval, without the wake-ups from before the failure', async () => {
  const { run, onFailure, loop } = setUp();
  const failure = new Error('the database is away');
  run.mockImplementationOnce(async () => {
    loop.wake();
    throw failure;
  });
  loop.wake();
  await pass(999);
  expect(onFailure.mock.calls).toEqual([[failure]]);
  expect(run).toHaveBeenCalledTimes(1);
  await pass(1);
  expect(run).toHaveBeenCalledTimes(2);
});

it('heeds wake-ups only after the pause that follows a failure', async () => {
  const { run, loop } = setUp({ pauseAfterFailure: 500 });
  run.mockRejectedValueOnce(new Error('the database is away'));
  loop.wake();
  await pass(0);
  loop.wake();
  await pass(499);
  expect(run).toHaveBeenCalledTimes(1);
  await pass(1);
  expect(run).toHaveBeenCalledTimes(2);
});

it('stops: tells the run that is under way, waits for it, and starts no other', async () => {
  const { run, loop } = setUp();
  const last = longRun();
  run.mockImplementationOnce(last.run);
  loop.wake();
  await pass(0);
  const stopped = vi.fn<() => void>();
  const stop = loop.stop().then(stopped);
  expect(run.mock.calls[0]?.[0].aborted).toBe(true);
  await pass(5000);
  expect(stopped).not.toHaveBeenCalled();
  last.end();
  await stop;
  loop.wake();
  await pass(5000);
  expect(run).toHaveBeenCalledTimes(1);
});

it('can run one last time after it has stopped, and does not throw when that fails', async () => {
  const { run, onFailure, loop } = setUp();
  await loop.stop();
  run.mockRejectedValueOnce(new Error('the database is away'));
  await loop.runNow();
  expect(onFailure).toHaveBeenCalledTimes(1);
});
