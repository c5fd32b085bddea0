import { expect } from 'vitest';
import type { Answer, Client, RequestOptions } from './client.js';
import { expectStatus } from './expectations.js';
import { FIRST_ADMIN, type Person, type SignUp, someone } from './people.js';

/** What people do with the application, so that a test says it in one line. */
export interface Acting {
  signUp(body?: SignUp): Promise<Answer>;
  /** @throws when the sign-in is refused */
  signIn(person: { email: string; password: string }): Promise<string>;
  /** The answer to a sign-in, whatever it is. */
  trySignIn(email: unknown, password: unknown, options?: RequestOptions): Promise<Answer>;
  isSignedIn(token: string): Promise<boolean>;
  parent(body?: SignUp): Promise<Person>;
  /** One whom an administrator has approved. */
  clinician(body?: SignUp): Promise<Person>;
  admin(): Promise<Person>;
  firstAdmin(): Promise<Person>;
  /** A request of the first administrator. */
  asAdmin(method: string, path: string, body?: unknown): Promise<Answer>;
  /** As if the person had entered the code. */
  confirm(id: number): Promise<void>;
  enterCode(userId: unknown, code: unknown, options?: RequestOptions): Promise<Answer>;
  resendCode(token: string, options?: RequestOptions): Promise<Answer>;
  requestReset(email: unknown, options?: RequestOptions): Promise<Answer>;
  validateReset(token: unknown): Promise<Answer>;
  resetPassword(token: unknown, password: unknown, more?: object): Promise<Answer>;
  /** Changes the person's own profile. */
  change(person: { id: number; token: string }, user: object): Promise<Answer>;
  /** Ends the person's own account. */
  cancel(person: { id: number; token: string }): Promise<Answer>;
}

type Query = (query: string, params?: unknown[]) => Promise<unknown>;

export function acting(api: Client, sql: Query): Acting {
  let root: Person | undefined;

  const people: Acting = {
    signUp: ({ user, ...rest } = {}) =>
      api.post('/v1/users', { body: { user: { ...someone(), ...user }, ...rest } }),
    async signIn({ email, password }) {
      const answer = expectStatus(await people.trySignIn(email, password), 201);
      return (answer.body as { token: string }).token;
    },
    trySignIn: (email, password, options = {}) =>
      api.post('/v1/sessions', { ...options, body: { email, password } }),
    async isSignedIn(token) {
      const { status } = await api.get('/v1/users/me', { token });
      expect([200, 401]).toContain(status);
      return status === 200;
    },
    async parent({ user, ...rest } = {}) {
      const details = { ...someone(), ...user };
      const answer = expectStatus(await api.post('/v1/users', { body: { user: details, ...rest } }), 201);
      const { id, email } = answer.body as Person;
      return { id, email, password: details.password, token: answer.headers.get('x-user-token')! };
    },
    async clinician(body = {}) {
      const person = await people.parent({ clinical: true, ...body });
      await people.confirm(person.id);
      const path = `/v1/users/${person.id}/clinical_approval`;
      expectStatus(await people.asAdmin('PUT', path, { approved: true }), 200);
      return person;
    },
    async admin() {
      const person = await people.parent();
      expectStatus(await people.asAdmin('PUT', `/v1/users/${person.id}/role`, { role: 'admin' }), 200);
      return { ...person, token: await people.signIn(person) };
    },
    async firstAdmin() {
      // An administrator's session ends after 15 minutes in which nothing is asked.
      if (root && (await api.get('/v1/users/me', { token: root.token })).status === 200) return root;
      const { body } = expectStatus(await people.trySignIn(FIRST_ADMIN.email, FIRST_ADMIN.password), 201);
      const { token, user } = body as { token: string; user: { id: number } };
      root = { ...FIRST_ADMIN, id: user.id, token };
      return root;
    },
    async asAdmin(method, path, body) {
      const { token } = await people.firstAdmin();
      return api.send(method, path, { token, ...(body !== undefined && { body }) });
    },
    async confirm(id) {
      await sql('UPDATE users SET confirmed = 1, confirmed_at = created_at WHERE id = ?', [id]);
    },
    enterCode: (userId, code, options = {}) =>
      api.post('/v1/users/confirmation', { ...options, body: { user_id: userId, confirmation_code: code } }),
    resendCode: (token, options = {}) => api.post('/v1/users/resend_confirmation', { ...options, token }),
    requestReset: (email, options = {}) => api.post('/v1/users/passwords', { ...options, body: { email } }),
    validateReset: (token) => api.post('/v1/users/passwords/validate', { body: { token } }),
    resetPassword: (token, password, more = {}) =>
      api.post('/v1/users/passwords/reset', { body: { token, password, ...more } }),
    change: ({ id, token }, user) => api.put(`/v1/users/${id}`, { token, body: { user } }),
    cancel: async ({ id, token }) => expectStatus(await api.post(`/v1/users/${id}/cancel`, { token }), 200),
  };
  return people;
}
