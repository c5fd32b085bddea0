import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-custom';
import type { Actor } from '../shared/access/index.js';
import { tokenFrom } from './session-token.js';
import { SessionsService } from './sessions.service.js';

export const SESSION_TOKEN = 'session-token';

/** Passport's part: from the token in the headers to the actor. */
@Injectable()
export class SessionTokenStrategy extends PassportStrategy(Strategy, SESSION_TOKEN) {
  constructor(private readonly sessionsService: SessionsService) {
    super();
  }

  async validate({ headers }: FastifyRequest): Promise<Actor | null> {
    const token = tokenFrom(headers);
    return token === null ? null : this.sessionsService.authenticate(token);
  }
}
