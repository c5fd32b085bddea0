import { Body, Controller, Delete, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentUser, Public } from '../shared/access/index.js';
import { parsePathId } from '../shared/access/path-id.js';
import { UsersService } from '../users/index.js';
import { SignInDto } from './auth.dto.js';
import { ApiSessionId, ApiSignedIn } from './auth.openapi.js';
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
  @ApiSignedIn()
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
  @ApiOkResponse({ type: SessionListResource })
  async list(@CurrentUser() actor: Actor): Promise<SessionListResource> {
    const user = await this.usersService.find(actor.id);
    return SessionListResource.of(await this.sessionsService.show(user), user, actor);
  }

  /** Sign out. */
  @Delete('current')
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'The session has ended.' })
  async deleteCurrent(@CurrentUser() actor: Actor): Promise<void> {
    await this.sessionsService.end(await this.usersService.find(actor.id), actor.sessionId);
  }

  /** End one of one's sessions. */
  @Delete(':id')
  @HttpCode(204)
  @ApiSessionId()
  @ApiNoContentResponse({ description: 'The session has ended.' })
  async delete(@Param('id') id: string, @CurrentUser() actor: Actor): Promise<void> {
    await this.sessionsService.end(await this.usersService.find(actor.id), parsePathId(id, 'Session'));
  }

  /** Sign out everywhere else. */
  @Delete()
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'All other sessions have ended.' })
  deleteOthers(@CurrentUser() actor: Actor): Promise<void> {
    return this.sessionsService.endOthers(actor);
  }
}
