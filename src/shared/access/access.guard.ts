import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { NotPermitted } from '../errors/index.js';
import { REQUIREMENT, type Requirement } from './access.decorators.js';
import type { Actor } from './actor.js';

/** Holds `@AdminOnly()` and `@ClinicalOnly()` against the actor, once the token is known to be valid. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    const requirement = this.reflector.getAllAndOverride<Requirement | undefined>(REQUIREMENT, targets);
    const { user: actor } = context.switchToHttp().getRequest<FastifyRequest & { user: Actor }>();
    if (requirement === 'admin' && !actor.isAdmin) throw new NotPermitted();
    if (requirement === 'clinical' && !actor.isAdmin && !actor.isApprovedClinical) throw new NotPermitted();
    return true;
  }
}
