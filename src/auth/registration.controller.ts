import { Controller, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { LimitPerIp } from '../limits/index.js';
import { type Actor, CurrentUser, Public } from '../shared/access/index.js';
import { type Validated, ValidatedBody } from '../shared/validation/index.js';
import { CreateUserDto, UserResource } from '../users/index.js';
import { ApiCreatedUserResponse } from './auth.openapi.js';
import { RegistrationService } from './registration.service.js';
import { RequestOrigin } from './request-origin.js';
import type { Origin } from './sessions.service.js';

@ApiTags('Users')
@Controller('v1/users')
export class RegistrationController {
  constructor(private readonly registrationService: RegistrationService) {}

  /** Create a user. With an administrator's token, for somebody else. */
  @Post()
  @Public()
  @LimitPerIp('signUpsPerIp', { exceptAdmins: true })
  @ApiCreatedUserResponse()
  async create(
    @ValidatedBody(CreateUserDto) body: Validated<CreateUserDto>,
    @CurrentUser() actor: Actor | null,
    @RequestOrigin() origin: Origin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserResource> {
    const { user, token } = await this.registrationService.register(body, actor, origin);
    if (token !== null) void reply.header('x-user-token', token);
    return UserResource.of(user, actor);
  }
}
