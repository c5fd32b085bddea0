import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../shared/access/index.js';
import { DevMailbox } from './dev-mailbox.js';
import { devMessagesPage, PAGE_POLICY } from './dev-messages.page.js';
import { DevMessageListResource } from './dev-messages.resource.js';

/** For people who try the API. Not there in production. */
@ApiTags('Development')
@Public()
@Controller('dev/messages')
export class DevMessagesController {
  constructor(private readonly devMailbox: DevMailbox) {}

  /** What would have been sent if it had a real channel: the last hundred messages, newest first. Not in production. */
  @Get()
  @ApiExtraModels(DevMessageListResource)
  @ApiOkResponse({
    description: 'A page, or JSON where `Accept` asks for it.',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(DevMessageListResource) } },
      'text/html': { schema: { type: 'string' }, example: '<!DOCTYPE html>...' },
    },
  })
  list(
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): DevMessageListResource | string {
    void reply.headers({ 'cache-control': 'no-store', vary: 'Accept' });
    if (prefersJson(accept)) return DevMessageListResource.of(this.devMailbox.list());
    void reply.headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': PAGE_POLICY,
    });
    return devMessagesPage(this.devMailbox.list());
  }
}

/** Whether JSON is asked for by name, and no page before it. */
function prefersJson(accept = ''): boolean {
  const types = accept.split(',').map((range) => range.split(';', 1)[0]?.trim().toLowerCase());
  const json = types.indexOf('application/json');
  const page = types.indexOf('text/html');
  return json !== -1 && (page === -1 || json < page);
}
