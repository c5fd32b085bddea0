import { PasswordAttempts } from '#app/limits/password-attempts/password-attempts.entity.js';
import { loadSettings } from '#app/shared/config/load-settings.js';
import { beforeEach, expect, it } from 'vitest';
import { TestClock } from '../support/clock.js';
import { DAY, HOUR, MINUTE, SECOND } from '../support/durations.js';

const { limits } = loadSettings(import.meta.dirname, { APP_SECRET: 'the secret of the tests' });

let clock: TestClock;
let attempts: PasswordAttempts;

beforeEach(() => {
  clock = new TestClock();
  attempts = Object.assign(new PasswordAttempts(), {
    failures: 0,
    running: 0,
    pausedUntil: null,
    attemptedAt: clock.now(),
  });
});

const begin = () => attempts.begin(clock.now(), limits);
const lockedOutFor = () => attempts.lockedOutFor(clock.now(), limits);

function fail(times = 1): void {
  for (let count = 0; count < times; count += 1) {
    expect(begin()).toBe('admitted');
    attempts.fail(clock.now(), limits);
  }
}

it('the first four wrong passwords in a row cause no pause', () => {
  fail(4);
  expect(lockedOutFor()).toBe(0);
});

it('pauses begin with the fifth wrong password, and double from 30 seconds up to an hour', () => {
  fail(5);
  const pauses = [];
  for (let count = 0; count < 9; count += 1) {
    pauses.push(lockedOutFor() / SECOND);
    clock.forward(lockedOutFor());
    fail();
  }
  expect(pauses).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
});

it('an attempt within a pause is refused for what is left of it', () => {
  fail(5);
  clock.forward(10 * SECOND);
  expect(begin()).toEqual({ lockedOutFor: 20 * SECOND });
  clock.forward(20 * SECOND);
  expect(begin()).toBe('admitted');
});

it('as many attempts run at once as may fail before the next pause', () => {
  fail(2);
  expect([begin(), begin(), begin(), begin()]).toEqual(['admitted', 'admitted', 'admitted', 'busy']);
  attempts.fail(clock.now(), limits);
  expect(begin()).toBe('busy');
  attempts.refund();
  expect(begin()).toBe('admitted');
});

it('one attempt at a time runs after the fifth wrong password', () => {
  fail(5);
  clock.forward(30 * SECOND);
  expect([begin(), begin()]).toEqual(['admitted', 'busy']);
});

it('a right password forgets all wrong ones and their pause', () => {
  fail(5);
  clock.forward(30 * SECOND);
  begin();
  attempts.succeed();
  expect(attempts).toMatchObject({ failures: 0, running: 0, pausedUntil: null });
  fail(4);
  expect(lockedOutFor()).toBe(0);
});

it('an attempt that comes to nothing is no wrong password', () => {
  begin();
  attempts.refund();
  expect(attempts).toMatchObject({ failures: 0, running: 0 });
  attempts.refund();
  expect(attempts.running).toBe(0);
});

it('attempts that never ended are forgotten a minute after the last one began', () => {
  attempts.running = 5;
  clock.forward(MINUTE - 1);
  expect(begin()).toBe('busy');
  clock.forward(1);
  expect(begin()).toBe('admitted');
  expect(attempts.running).toBe(1);
});

it('the hundredth wrong password locks the address, however long one waits', () => {
  for (let count = 0; count < 100; count += 1) {
    clock.forward(HOUR);
    fail();
  }
  clock.forward(365 * DAY);
  expect(begin()).toEqual({ lockedOutFor: HOUR });
});
