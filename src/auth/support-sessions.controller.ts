import { Controller, Delete, Get, HttpCode } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentUser, Permit, UserId } from '../shared/access/index.js';
import { ApiAccessReason } from '../shared/openapi/access-reason.js';
import { ApiUserId, UsersService } from '../users/index.js';
import { SessionListResource } from './session.resource.js';
import { SessionsService } from './sessions.service.js';

/** What a person can do with their sessions themselves, done by an administrator while they are on the phone. */
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
  @ApiUserId()
  @ApiAccessReason()
  @ApiOkResponse({ type: SessionListResource })
  async list(@UserId() id: number, @CurrentUser() actor: Actor): Promise<SessionListResource> {
    const user = await this.usersService.find(id);
    return SessionListResource.of(await this.sessionsService.show(user), user, actor);
  }

  /** Sign a user out everywhere. */
  @Delete()
  @HttpCode(204)
  @Permit('support')
  @ApiUserId()
  @ApiNoContentResponse({ description: 'All sessions of the user have ended.' })
  async deleteAll(@UserId() id: number, @CurrentUser() actor: Actor): Promise<void> {
    await this.sessionsService.endAllFor(actor, await this.usersService.find(id));
  }
}
