import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { NotFound } from '../errors/index.js';
import { MAX_ID } from '../lib/ids.js';
import { ID_OF } from './route-access.js';

/**
 * Reads an id: a positive integer in plain digits that the column can hold.
 *
 * @param what it is the id of, for the error: `User`, `Session`
 * @throws NotFound for any other text, which is the id of nothing
 */
export function parsePathId(text: string, what: string): number {
  const id = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(id <= MAX_ID)) throw new NotFound(what);
  return id;
}

/** @throws NotFound for what can't be the id of a user */
export function parseUserId(text: string): number {
  return parsePathId(text, 'User');
}

/** The `{id}` of the route as a number. The OpenAPI document describes it, and the 404. */
export function PathId(what: string): ParameterDecorator {
  const read = (_: unknown, context: ExecutionContext): number =>
    parsePathId(
      context.switchToHttp().getRequest<FastifyRequest<{ Params: { id: string } }>>().params.id,
      what,
    );
  const describe: ParameterDecorator = (prototype, method) => {
    const handler = method === undefined ? undefined : (Reflect.get(prototype, method) as unknown);
    if (typeof handler === 'function') Reflect.defineMetadata(ID_OF, what, handler);
  };
  return createParamDecorator(read, [describe])();
}

/** The `{id}` of a `/v1/users/{id}` route. */
export const UserId = (): ParameterDecorator => PathId('User');
