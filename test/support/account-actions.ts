import type { Answer, Client } from './client.js';

export const ACTIONS = [
  'read',
  'update',
  'cancel',
  'reactivate',
  'role',
  'clinical_approval',
  'delete',
] as const;
export type Action = (typeof ACTIONS)[number];

export type AccountActions = Record<Action, (id: number | string, token?: string) => Promise<Answer>>;

/** What may be done to an account, each in a form that is fine if it is permitted. */
export function accountActions(app: Client): AccountActions {
  return {
    read: (id, token) => app.get(`/v1/users/${id}`, { token }),
    update: (id, token) => app.put(`/v1/users/${id}`, { token, body: { user: { last_name: 'Changed' } } }),
    cancel: (id, token) => app.post(`/v1/users/${id}/cancel`, { token }),
    reactivate: (id, token) => app.post(`/v1/users/${id}/reactivate`, { token }),
    role: (id, token) => app.put(`/v1/users/${id}/role`, { token, body: { role: 'parent' } }),
    clinical_approval: (id, token) =>
      app.put(`/v1/users/${id}/clinical_approval`, { token, body: { approved: false } }),
    delete: (id, token) => app.delete(`/v1/users/${id}`, { token }),
  };
}
