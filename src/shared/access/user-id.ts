import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { parsePathId } from './path-id.js';

/** @throws NotFound for what can't be the id of a user */
export function parseUserId(text: string): number {
  return parsePathId(text, 'User');
}

/** The `{id}` of a `/v1/users/{id}` route. */
export const UserId = createParamDecorator((_: unknown, context: ExecutionContext) =>
  parseUserId(context.switchToHttp().getRequest<FastifyRequest<{ Params: { id: string } }>>().params.id),
);
