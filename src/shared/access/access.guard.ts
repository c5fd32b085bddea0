import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { NotPermitted } from '../errors/index.js';
import type { Actor } from './actor.js';
import { accessTo } from './route-access.js';

/** Enforces `@AdminOnly()` and `@ClinicalOnly()`, once the token is known to be valid. */
@Injectable()
export class AccessGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { requirement } = accessTo(context.getHandler(), context.getClass());
    const { user: actor } = context.switchToHttp().getRequest<FastifyRequest & { user: Actor }>();
    if (requirement === 'admin' && !actor.isAdmin) throw new NotPermitted();
    if (requirement === 'clinical' && !actor.isAdmin && !actor.isApprovedClinical) throw new NotPermitted();
    return true;
  }
}
