import 'reflect-metadata';
import type { UserAction } from './user.policy.js';

/** Metadata keys. Only the decorators write them, and only `accessTo` reads them. */
export const REQUIREMENT = 'access:requirement';
export const USER_ACTION = 'access:user-action';
export const USER_MUST_EXIST = 'access:user-must-exist';
export const ID_OF = 'access:id-of';

export type Requirement = 'public' | 'admin' | 'clinical';

/** What a route asks of its caller. The guards enforce it and the OpenAPI document describes it. */
export interface RouteAccess {
  /** null: any valid token. */
  readonly requirement: Requirement | null;
  /** What the route does to the account of its `{id}`; the user policy says who may. */
  readonly action: UserAction | null;
  /** Whether the guard has to look the account up and answer 404 where there is none. */
  readonly userMustExist: boolean;
  /** What the `{id}` of the path is the id of: `User`, `Session`. */
  readonly idOf: string | null;
}

/** Reads what the decorators of `access.decorators.ts` and `path-id.ts` say about a handler. */
export function accessTo(handler: object, controller: object): RouteAccess {
  const read = <T>(key: string): T | undefined => Reflect.getMetadata(key, handler) as T | undefined;
  const action = read<UserAction>(USER_ACTION) ?? null;
  return {
    requirement:
      read<Requirement>(REQUIREMENT) ??
      (Reflect.getMetadata(REQUIREMENT, controller) as Requirement | undefined) ??
      null,
    action,
    userMustExist: read<boolean>(USER_MUST_EXIST) ?? false,
    idOf: action === null ? (read<string>(ID_OF) ?? null) : 'User',
  };
}
