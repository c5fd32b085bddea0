import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { LimitPerIp } from '../limits/index.js';
import { Permit, Public, UserId } from '../shared/access/index.js';
import { ApiJsonResponse } from '../shared/openapi/api-responses.js';
import { type Validated, ValidatedBody } from '../shared/validation/index.js';
import { PasswordResetsService } from './password-resets.service.js';
import { RequestPasswordResetDto, ResetPasswordDto, ResetTokenDto } from './passwords.dto.js';
import {
  ApiPasswordResetResponse,
  ApiResetRequestedResponse,
  ApiResetSentResponse,
} from './passwords.openapi.js';
import {
  PasswordResetResource,
  ResetRequestedResource,
  TokenValidityResource,
} from './passwords.resource.js';

@ApiTags('Passwords')
@Controller('v1/users')
export class PasswordsController {
  constructor(private readonly passwordResetsService: PasswordResetsService) {}

  /** Ask for the link that resets a forgotten password. It is sent to the account's own address. */
  @Post('passwords')
  @Public()
  @LimitPerIp('resetsPerIp')
  @ApiResetRequestedResponse()
  async request(@Body() { email }: RequestPasswordResetDto): Promise<ResetRequestedResource> {
    await this.passwordResetsService.request(email);
    return ResetRequestedResource.INSTANCE;
  }

  /** Whether a token is still good. That does not use it up. */
  @Get('passwords/validate')
  @Public()
  @ApiJsonResponse(200, TokenValidityResource)
  async validate(@Query() { token }: ResetTokenDto): Promise<TokenValidityResource> {
    return TokenValidityResource.of(await this.passwordResetsService.find(token));
  }

  /** The same, with the token in the body: it appears in no URL. */
  @Post('passwords/validate')
  @Public()
  @ApiJsonResponse(200, TokenValidityResource)
  async validateBody(@Body() { token }: ResetTokenDto): Promise<TokenValidityResource> {
    return TokenValidityResource.of(await this.passwordResetsService.find(token));
  }

  /** Choose a new password. All sessions of the user end. */
  @Post('passwords/reset')
  @Public()
  @ApiPasswordResetResponse()
  async reset(
    @ValidatedBody(ResetPasswordDto) body: Validated<ResetPasswordDto>,
  ): Promise<PasswordResetResource> {
    return PasswordResetResource.of(await this.passwordResetsService.reset(body));
  }

  /** Send a user the link that resets a forgotten password. For administrators, for users who call. */
  @Post(':id/password_reset')
  @Permit('support')
  @ApiResetSentResponse()
  async requestFor(@UserId() id: number): Promise<ResetRequestedResource> {
    await this.passwordResetsService.requestFor(id);
    return ResetRequestedResource.INSTANCE;
  }
}
