import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { LimitPerIp } from '../limits/index.js';
import { Public } from '../shared/access/index.js';
import { type Validated, ValidatedBody } from '../shared/validation/index.js';
import { ApiUserId, Permit, UserId } from '../users/index.js';
import { PasswordResetsService } from './password-resets.service.js';
import { RequestPasswordResetDto, ResetPasswordDto, ResetTokenDto } from './passwords.dto.js';
import { ApiPasswordReset, ApiResetRequested, ApiResetSent } from './passwords.openapi.js';
import {
  PasswordResetResource,
  ResetRequestedResource,
  TokenValidityResource,
} from './passwords.resource.js';

@ApiTags('Passwords')
@Controller('v1/users')
export class PasswordsController {
  constructor(private readonly resets: PasswordResetsService) {}

  /** Ask for the link that resets a forgotten password. It is sent to the account's own address. */
  @Post('passwords')
  @HttpCode(202)
  @Public()
  @LimitPerIp('resetsPerIp')
  @ApiResetRequested()
  async request(@Body() { email }: RequestPasswordResetDto): Promise<ResetRequestedResource> {
    await this.resets.request(email);
    return ResetRequestedResource.INSTANCE;
  }

  /** Whether a token is still good. That does not use it up. */
  @Get('passwords/validate')
  @Public()
  @ApiOkResponse({ type: TokenValidityResource })
  async validate(@Query() { token }: ResetTokenDto): Promise<TokenValidityResource> {
    return TokenValidityResource.of(await this.resets.find(token));
  }

  /** The same, with the token in the body: it appears in no URL. */
  @Post('passwords/validate')
  @HttpCode(200)
  @Public()
  @ApiOkResponse({ type: TokenValidityResource })
  async validateBody(@Body() { token }: ResetTokenDto): Promise<TokenValidityResource> {
    return TokenValidityResource.of(await this.resets.find(token));
  }

  /** Choose a new password. All sessions of the user end. */
  @Post('passwords/reset')
  @HttpCode(200)
  @Public()
  @ApiPasswordReset()
  async reset(
    @ValidatedBody(ResetPasswordDto) body: Validated<ResetPasswordDto>,
  ): Promise<PasswordResetResource> {
    return PasswordResetResource.of(await this.resets.reset(body));
  }

  /** Send a user the link that resets a forgotten password, for somebody who is on the phone. For administrators. */
  @Post(':id/password_reset')
  @HttpCode(202)
  @Permit('support')
  @ApiUserId()
  @ApiResetSent()
  async requestFor(@UserId() id: number): Promise<ResetRequestedResource> {
    await this.resets.requestFor(id);
    return ResetRequestedResource.INSTANCE;
  }
}
