import { Controller, Get, Headers, Post, Query, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../shared/access/index.js';
import { RecordInvalid, WrongCredentials } from '../../shared/errors/index.js';
import { snakeCase } from '../../shared/lib/casing.js';
import { AcceptsForm } from '../../shared/http/json-body.js';
import { messages, type Validated, ValidatedBody } from '../../shared/validation/index.js';
import { PasswordResetsService } from '../password-resets.service.js';
import { ResetPasswordDto } from '../passwords.dto.js';
import { RESET_PAGE_PATH } from '../password-reset-link.js';
import { type PageLanguage, pageLanguage } from './page-language.js';
import { deadLinkPage, donePage, type FieldErrors, formPage, PAGE_HEADERS } from './reset-page.js';
import { ResetPageFilter } from './reset-page.filter.js';

/** The page that the link of a reset opens, where PASSWORD_RESET_URL names no other. */
@ApiExcludeController()
@Public()
@UseFilters(ResetPageFilter)
@Controller(RESET_PAGE_PATH)
export class ResetPageController {
  constructor(private readonly passwordResetsService: PasswordResetsService) {}

  /** The form, if the link still works. Opening it (a mail program may do so ahead) does not use the token up. */
  @Get()
  async show(
    @Query('token') token: unknown,
    @Headers('accept-language') acceptLanguage: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const language = begin(reply, acceptLanguage);
    return this.form(language, token, reply);
  }

  @Post()
  @AcceptsForm()
  async save(
    @ValidatedBody(ResetPasswordDto) body: Validated<ResetPasswordDto>,
    @Headers('accept-language') acceptLanguage: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const language = begin(reply, acceptLanguage);
    // The API takes an empty confirmation for none; on the page it is a field that was forgotten.
    if (!body.values.passwordConfirmation && !body.errors.has('password')) {
      body.errors.add('passwordConfirmation', messages.CONFIRMATION_DIFFERS);
    }
    try {
      await this.passwordResetsService.reset(body);
    } catch (error) {
      if (!(error instanceof RecordInvalid || error instanceof WrongCredentials)) throw error;
      return this.form(language, body.values.token, reply, error);
    }
    void reply.status(200);
    return donePage(language);
  }

  /** @param refusal what was wrong with the password, or with the token */
  private async form(
    language: PageLanguage,
    token: unknown,
    reply: FastifyReply,
    refusal?: RecordInvalid | WrongCredentials,
  ): Promise<string> {
    const owner = await this.passwordResetsService.findOwner(token);
    if (!owner) {
      void reply.status(410);
      return deadLinkPage(language);
    }
    void reply.status(refusal ? 422 : 200);
    const errors = refusal instanceof RecordInvalid ? fieldErrors(refusal) : {};
    return formPage(language, { token: String(token), email: owner.email }, errors);
  }
}

function begin(reply: FastifyReply, acceptLanguage: string | undefined): PageLanguage {
  const language = pageLanguage(acceptLanguage);
  void reply.headers(PAGE_HEADERS).header('content-language', language);
  return language;
}

function fieldErrors({ errors }: RecordInvalid): FieldErrors {
  return Object.fromEntries(
    Object.entries(errors.toObject()).map(([field, found]) => [snakeCase(field), found]),
  );
}
