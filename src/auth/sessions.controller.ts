import { Body, Controller, Delete, Get, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentUser, PathId, Public } from '../shared/access/index.js';
import { ApiEmptyResponse, ApiJsonResponse } from '../shared/openapi/api-responses.js';
import { UsersService } from '../users/index.js';
import { SignInDto } from './auth.dto.js';
import { ApiSignedInResponse } from './auth.openapi.js';
import { RequestOrigin } from './request-origin.js';
import { SessionListResource, SignedInResource } from './session.resource.js';
import { type Origin, SessionsService } from './sessions.service.js';
import { SignInService } from './sign-in.service.js';

@ApiTags('Sessions')
@Controller('v1/sessions')
export class SessionsController {
  constructor(
    private readonly signInService: SignInService,
    private readonly sessionsService: SessionsService,
    private readonly usersService: UsersService,
  ) {}

  /** Sign in. The token comes in the body and in the header `X-User-Token`. */
  @Post()
  @Public()
  @ApiSignedInResponse()
  async create(
    @Body() { email, password }: SignInDto,
    @RequestOrigin() origin: Origin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedInResource> {
    const signedIn = await this.signInService.signIn(email, password, origin);
    void reply.header('x-user-token', signedIn.token);
    return SignedInResource.of(signedIn);
  }

  /** One's own live sessions, newest first. */
  @Get()
  @ApiJsonResponse(200, SessionListResource)
  async list(@CurrentUser() actor: Actor): Promise<SessionListResource> {
    const user = await this.usersService.find(actor.id);
    return SessionListResource.of(await this.sessionsService.show(user), user, actor);
  }

  /** Sign out. */
  @Delete('current')
  @ApiEmptyResponse('The session has ended.')
  async deleteCurrent(@CurrentUser() actor: Actor): Promise<void> {
    await this.sessionsService.end(await this.usersService.find(actor.id), actor.sessionId);
  }

  /** End one of one's sessions. */
  @Delete(':id')
  @ApiEmptyResponse('The session has ended.')
  async delete(@PathId('Session') id: number, @CurrentUser() actor: Actor): Promise<void> {
    await this.sessionsService.end(await this.usersService.find(actor.id), id);
  }

  /** Sign out everywhere else. */
  @Delete()
  @ApiEmptyResponse('All other sessions have ended.')
  deleteOthers(@CurrentUser() actor: Actor): Promise<void> {
    return this.sessionsService.endOthers(actor);
  }
}
