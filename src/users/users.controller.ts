import { Body, Controller, Delete, Get, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LimitPerIp } from '../limits/index.js';
import { type Actor, CurrentUser, Permit, Public, UserId } from '../shared/access/index.js';
import { linkNext, linkPages } from '../shared/http/link-header.js';
import { ApiEmptyResponse, ApiJsonResponse } from '../shared/openapi/api-responses.js';
import { type Validated, ValidatedBody } from '../shared/validation/index.js';
import { ApiNotAllowed, ApiUserListResponse, ApiUserResponse } from './users.openapi.js';
import { ProfilesService } from './profiles.service.js';
import { UserDirectoryService } from './user-directory.service.js';
import { HasAccountResource, type UserListResource, UserResource } from './user.resource.js';
import {
  ApproveClinicalDto,
  ChangeRoleDto,
  EmailHasAccountDto,
  ListUsersQuery,
  UpdateUserDto,
} from './users.dto.js';
import { UsersService } from './users.service.js';

@ApiTags('Users')
@Controller('v1/users')
export class UsersController {
  constructor(
    private readonly usersService: UsersService,
    private readonly profilesService: ProfilesService,
    private readonly userDirectoryService: UserDirectoryService,
  ) {}

  /** List users. Parents see themselves, approved clinical users the parents, administrators all. */
  @Get()
  @ApiUserListResponse()
  async list(
    @Query() query: ListUsersQuery,
    @CurrentUser() actor: Actor,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserListResource> {
    const { users, meta, nextAfterId } = await this.userDirectoryService.list(query, actor);
    if (meta.page !== undefined) linkPages(request, reply, { ...meta, page: meta.page });
    else if (nextAfterId !== null) linkNext(request, reply, nextAfterId);
    return { users: users.map((user) => UserResource.of(user, actor)), meta };
  }

  /** The signed-in user. */
  @Get('me')
  @ApiUserResponse()
  async me(@CurrentUser() actor: Actor): Promise<UserResource> {
    return UserResource.of(await this.usersService.find(actor.id), actor);
  }

  /** Read a user. */
  @Get(':id')
  @Permit('read')
  @ApiUserResponse()
  async read(@UserId() id: number, @CurrentUser() actor: Actor): Promise<UserResource> {
    return UserResource.of(await this.usersService.show(id), actor);
  }

  /** Update a user. Only what is sent changes. */
  @Put(':id')
  @Permit('update')
  @ApiUserResponse()
  async update(
    @UserId() id: number,
    @ValidatedBody(UpdateUserDto) changes: Validated<UpdateUserDto>,
    @CurrentUser() actor: Actor,
  ): Promise<UserResource> {
    return UserResource.of(await this.profilesService.update(id, changes, actor), actor);
  }

  /** Cancel an account: it can't be used any more, and everything but its sessions, codes and resets is kept. */
  @Post(':id/cancel')
  @Permit('cancel')
  @ApiUserResponse()
  @ApiNotAllowed()
  async cancel(@UserId() id: number, @CurrentUser() actor: Actor): Promise<UserResource> {
    return UserResource.of(await this.usersService.cancel(id), actor);
  }

  /** Take a cancellation back. */
  @Post(':id/reactivate')
  @Permit('reactivate')
  @ApiUserResponse()
  async reactivate(@UserId() id: number, @CurrentUser() actor: Actor): Promise<UserResource> {
    return UserResource.of(await this.usersService.reactivate(id), actor);
  }

  /** Make a user an administrator, or a parent again. Ends the user's sessions. */
  @Put(':id/role')
  @Permit('changeRole')
  @ApiUserResponse()
  async changeRole(
    @UserId() id: number,
    @Body() { role }: ChangeRoleDto,
    @CurrentUser() actor: Actor,
  ): Promise<UserResource> {
    return UserResource.of(await this.usersService.changeRole(id, role), actor);
  }

  /** Approve a confirmed, active user who declares to be clinical, or withdraw the approval. */
  @Put(':id/clinical_approval')
  @Permit('approveClinical')
  @ApiUserResponse()
  async approveClinical(
    @UserId() id: number,
    @Body() { approved }: ApproveClinicalDto,
    @CurrentUser() actor: Actor,
  ): Promise<UserResource> {
    return UserResource.of(await this.usersService.approveClinical(id, approved), actor);
  }

  /** Permanently delete an account and all its data. */
  @Delete(':id')
  @Permit('delete')
  @ApiEmptyResponse('The account is gone.')
  @ApiNotAllowed()
  delete(@UserId() id: number): Promise<void> {
    return this.usersService.delete(id);
  }

  /** Whether an e-mail address has an account. */
  @Post('email_has_account')
  @Public()
  @LimitPerIp('emailChecksPerIp')
  @ApiJsonResponse(200, HasAccountResource)
  async emailHasAccount(@Body() { email }: EmailHasAccountDto): Promise<HasAccountResource> {
    return { hasAccount: await this.usersService.hasAccount(email) };
  }
}
