import { expect } from 'vitest';
import { expectErrors, expectStatus } from './expectations.js';
import type { Person } from './people.js';
import type { TestApp } from './test-app.js';

/** What becomes of a value in a field of the profile. */
export interface FieldChecks {
  /** The field as it is given back, after a sign-up and when it is read again. */
  stored(field: string, value: unknown): Promise<unknown>;
  /** Expects the same messages at sign-up and in an update. */
  refused(field: string, value: unknown, ...messages: string[]): Promise<void>;
}

export function fieldChecks(app: TestApp, person: Person): FieldChecks {
  return {
    async stored(field, value) {
      const { body, headers } = expectStatus(await app.signUp({ user: { [field]: value } }), 201);
      const token = headers.get('x-user-token')!;
      const again = expectStatus(await app.get(`/v1/users/${body.id}`, { token }), 200);
      expect(again.body[field]).toEqual(body[field]);
      return body[field];
    },
    async refused(field, value, ...messages) {
      expectErrors(await app.signUp({ user: { [field]: value } }), 422, { [field]: messages });
      expectErrors(await app.change(person, { [field]: value }), 422, { [field]: messages });
    },
  };
}
