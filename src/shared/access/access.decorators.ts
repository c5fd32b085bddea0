import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Actor } from './actor.js';

export type Requirement = 'public' | 'admin' | 'clinical';

/** Where the guards and the OpenAPI document find what a route asks for. */
export const REQUIREMENT = 'access:requirement';

/** The route needs no token; one that is not valid is treated as none. */
export const Public = (): ClassDecorator & MethodDecorator =>
  SetMetadata(REQUIREMENT, 'public' satisfies Requirement);

/** Only administrators; others get 403. */
export const AdminOnly = (): ClassDecorator & MethodDecorator =>
  SetMetadata(REQUIREMENT, 'admin' satisfies Requirement);

/** Only clinical users whom an administrator has approved, and administrators; others get 403. */
export const ClinicalOnly = (): ClassDecorator & MethodDecorator =>
  SetMetadata(REQUIREMENT, 'clinical' satisfies Requirement);

/** The request's actor; on a public route null where nobody valid is signed in. */
export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<FastifyRequest & { user: Actor | null }>().user,
);
