import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UnitOfWork } from '#app/shared/database/unit-of-work.js';
import { User } from '#app/users/index.js';
import { DataSource } from 'typeorm';
import { databaseKind } from '../../support/database.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

let app: InProcessApp;
let db: UnitOfWork;

beforeAll(async () => {
  app = await TestApp.start();
  db = app.nest.get(UnitOfWork);
});
afterAll(() => app?.stop());

function signal(): { promise: Promise<void>; give: () => void } {
  let give = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { promise, give };
}

const firstName = async (id: number): Promise<unknown> =>
  (await app.sql('SELECT first_name FROM users WHERE id = ?', [id]))[0]?.['first_name'];

describe('two transactions that overlap', () => {
  it('overlapping transactions do not mix: one is rolled back, the other commits, and uncommitted rows are never read', async () => {
    const [undone, kept] = [await app.parent(), await app.parent()];
    const before = await firstName(undone.id);
    const written = signal();
    const goOn = signal();
    const first = db.run(async (manager) => {
      await manager.update(User, { id: undone.id }, { firstName: 'Undone' });
      written.give();
      await goOn.promise;
      throw new Error('rolled back');
    });
    await written.promise;
    const second = db.run((manager) => manager.update(User, { id: kept.id }, { firstName: 'Kept' }));
    const third = app.get(`/v1/users/${undone.id}`, { token: undone.token });
    setImmediate(goOn.give);
    await expect(first).rejects.toThrow('rolled back');
    await second;
    expect((await third).body).toMatchObject({ first_name: before });
    expect([await firstName(undone.id), await firstName(kept.id)]).toEqual([before, 'Kept']);
  });

  it('many overlapping transactions stay apart', async () => {
    const people = await Promise.all(Array.from({ length: 10 }, () => app.parent()));
    await Promise.allSettled(
      people.map(({ id }, index) =>
        db.run(async (manager) => {
          await manager.update(User, { id }, { firstName: 'Changed' });
          await new Promise((resolve) => {
            setImmediate(resolve);
          });
          if (index % 2 === 0) throw new Error('rolled back');
        }),
      ),
    );
    const names = await Promise.all(people.map(({ id }) => firstName(id)));
    expect(names.map((name) => name === 'Changed')).toEqual(people.map((_, index) => index % 2 === 1));
  });
});

describe('a unit of work', () => {
  it('an inner unit of work joins the open one and is undone with it', async () => {
    const person = await app.parent();
    const before = await firstName(person.id);
    const outer = db.run(async () => {
      await db.run((manager) => manager.update(User, { id: person.id }, { firstName: 'Inner' }));
      throw new Error('rolled back');
    });
    await expect(outer).rejects.toThrow('rolled back');
    expect(await firstName(person.id)).toBe(before);
  });

  it('a reaction after commit runs once it is committed, and not at all when it is rolled back', async () => {
    const reactions: string[] = [];
    await db.run(async () => {
      db.afterCommit(() => void reactions.push('committed'));
      expect(reactions).toEqual([]);
    });
    const failing = db.run(async () => {
      db.afterCommit(() => void reactions.push('rolled back'));
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    await expect.poll(() => reactions).toEqual(['committed']);
  });
});

if (databaseKind === 'sqlite') {
  describe('the embedded database', () => {
    it('the embedded database refuses a transaction that could not be kept apart, and says what to use', async () => {
      const work = app.nest.get(DataSource).transaction(async () => undefined);
      await expect(work).rejects.toThrow('UnitOfWork.run');
    });
  });
}
