import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, it } from 'vitest';
import { KeyedQueue } from '#app/shared/lib/keyed-queue.js';

/** A task that records when it starts and ends, and that ends when it is told to. */
function controlledTask(name: string, log: string[]) {
  let finish!: () => void;
  let fail!: (error: Error) => void;
  const end = new Promise<void>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  const run = async (): Promise<string> => {
    log.push(`${name} starts`);
    try {
      await end;
    } finally {
      log.push(`${name} ends`);
    }
    return name;
  };
  return { run, finish, fail };
}

/** Everything that can go on without a task being finished has gone on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('tasks of one key run one after the other, in the order in which they were added', async () => {
  const queue = new KeyedQueue();
  const log: string[] = [];
  const tasks = ['first', 'second', 'third'].map((name) => controlledTask(name, log));
  const results = Promise.all(tasks.map(({ run }) => queue.run('key', run)));
  // The later ones could end at once, and still wait for the first.
  tasks[2]!.finish();
  tasks[1]!.finish();
  await settled();
  expect(log).toEqual(['first starts']);
  tasks[0]!.finish();
  expect(await results).toEqual(['first', 'second', 'third']);
  expect(log).toEqual([
    'first starts',
    'first ends',
    'second starts',
    'second ends',
    'third starts',
    'third ends',
  ]);
});

it('tasks of different keys run side by side', async () => {
  const queue = new KeyedQueue();
  const log: string[] = [];
  const [first, second] = [controlledTask('first', log), controlledTask('second', log)];
  const waiting = queue.run('one key', first.run);
  second.finish();
  expect(await queue.run('another key', second.run)).toBe('second');
  expect(log).toEqual(['first starts', 'second starts', 'second ends']);
  first.finish();
  expect(await waiting).toBe('first');
});

it('a task that fails fails for its caller, and the next one runs all the same', async () => {
  const queue = new KeyedQueue();
  const failing = controlledTask('failing', []);
  const failure = queue.run('key', failing.run);
  const next = queue.run('key', async () => 'next');
  failing.fail(new Error('of this task alone'));
  await expect(failure).rejects.toThrow('of this task alone');
  expect(await next).toBe('next');
});

it('a task runs in the asynchronous context of the caller that added it', async () => {
  const queue = new KeyedQueue();
  const context = new AsyncLocalStorage<string>();
  const blocking = controlledTask('blocking', []);
  const contexts = [
    queue.run('key', blocking.run),
    ...['request 1', 'request 2'].map((name) =>
      context.run(name, () => queue.run('key', async () => context.getStore())),
    ),
  ];
  blocking.finish();
  expect(await Promise.all(contexts)).toEqual(['blocking', 'request 1', 'request 2']);
});

it('a key whose tasks have all ended is forgotten, a key with unfinished tasks is not', async () => {
  const queue = new KeyedQueue();
  const [first, second] = [controlledTask('first', []), controlledTask('second', [])];
  const runs = [queue.run('key', first.run), queue.run('key', second.run)];
  first.finish();
  await runs[0];
  expect(queue.size).toBe(1);
  second.finish();
  await runs[1];
  expect(queue.size).toBe(0);
});
