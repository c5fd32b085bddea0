import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Permit, UserId } from '../shared/access/index.js';
import { linkPages } from '../shared/http/link-header.js';
import { PageQuery, PageWindow } from '../shared/http/paging.dto.js';
import { ApiPageResponse } from '../shared/openapi/api-responses.js';
import { UserMessageListResource } from './user-message.resource.js';
import { UserMessagesService } from './user-messages.service.js';

@ApiTags('Support')
@Controller('v1/users')
export class UserMessagesController {
  constructor(private readonly userMessagesService: UserMessagesService) {}

  /** What was sent to a user, newest first, without its content. For administrators. */
  @Get(':id/messages')
  @Permit('support')
  @ApiPageResponse(UserMessageListResource, '/v1/users/123/messages?page=2')
  async list(
    @UserId() id: number,
    @Query() query: PageQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserMessageListResource> {
    const window = new PageWindow(query);
    const { items, totalCount } = await this.userMessagesService.page(id, window);
    const list = UserMessageListResource.of(items, totalCount, window);
    linkPages(request, reply, list.meta);
    return list;
  }
}
