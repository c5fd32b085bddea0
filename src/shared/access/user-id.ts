import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { MAX_ID } from '../database/columns.js';
import { NotFound } from '../errors/index.js';

/**
 * Reads an id of a path: a positive integer in plain digits that the column can hold.
 *
 * @throws NotFound, because nobody has any other
 */
export function parseUserId(text: string): number {
  const id = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(id <= MAX_ID)) throw new NotFound();
  return id;
}

/** The `{id}` of a `/v1/users/{id}` route. */
export const UserId = createParamDecorator((_: unknown, context: ExecutionContext) =>
  parseUserId(context.switchToHttp().getRequest<FastifyRequest<{ Params: { id: string } }>>().params.id),
);
