import { Catch } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ErrorResponse } from '../../shared/http/error-response.js';
import { ErrorsFilter } from '../../shared/http/errors.filter.js';
import { pageLanguage } from './page-language.js';
import { failurePage, PAGE_HEADERS } from './reset-page.js';

/** A person who looks at a page is not shown JSON. */
@Catch()
export class ResetPageFilter extends ErrorsFilter {
  protected override answer(reply: FastifyReply, { status }: ErrorResponse): void {
    const language = pageLanguage(reply.request.headers['accept-language']);
    void reply.headers(PAGE_HEADERS).header('content-language', language).send(failurePage(language, status));
  }
}
