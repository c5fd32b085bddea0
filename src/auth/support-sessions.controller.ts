import { Controller, Delete, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentUser, Permit, UserId } from '../shared/access/index.js';
import { ApiEmptyResponse, ApiJsonResponse } from '../shared/openapi/api-responses.js';
import { UsersService } from '../users/index.js';
import { SessionListResource } from './session.resource.js';
import { SessionsService } from './sessions.service.js';

/** What users can do with their own sessions, done by an administrator for users who call. */
@ApiTags('Support')
@Controller('v1/users/:id/sessions')
export class SupportSessionsController {
  constructor(
    private readonly sessionsService: SessionsService,
    private readonly usersService: UsersService,
  ) {}

  /** A user's live sessions, newest first. */
  @Get()
  @Permit('support')
  @ApiJsonResponse(200, SessionListResource)
  async list(@UserId() id: number, @CurrentUser() actor: Actor): Promise<SessionListResource> {
    const user = await this.usersService.find(id);
    return SessionListResource.of(await this.sessionsService.show(user), user, actor);
  }

  /** Sign a user out everywhere. */
  @Delete()
  @Permit('support')
  @ApiEmptyResponse('All sessions of the user have ended.')
  async deleteAll(@UserId() id: number, @CurrentUser() actor: Actor): Promise<void> {
    await this.sessionsService.endAllFor(actor, await this.usersService.find(id));
  }
}
