import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentUser, Permit, Public, UserId } from '../shared/access/index.js';
import { ConfirmationService } from './confirmation.service.js';
import { ConfirmationDto } from './verification.dto.js';
import { ApiConfirmationResponse, ApiSentCodeResponse } from './verification.openapi.js';
import { ConfirmationResource, SentCodeResource } from './verification.resource.js';

@ApiTags('Verification')
@Controller('v1/users')
export class VerificationController {
  constructor(private readonly confirmationService: ConfirmationService) {}

  /** Confirm an account with the code that was sent to its phone, or to its e-mail address where it has no phone. */
  @Post('confirmation')
  @Public()
  @ApiConfirmationResponse()
  async confirm(@Body() { userId, confirmationCode }: ConfirmationDto): Promise<ConfirmationResource> {
    return ConfirmationResource.of(await this.confirmationService.confirm(userId, confirmationCode));
  }

  /** Send the signed-in user another code. The previous one no longer works. */
  @Post('resend_confirmation')
  @ApiSentCodeResponse()
  async resend(@CurrentUser() actor: Actor): Promise<SentCodeResource> {
    return SentCodeResource.of(await this.confirmationService.resend(actor.id));
  }

  /** Send a user another code. For administrators, for users who call. */
  @Post(':id/resend_confirmation')
  @Permit('support')
  @ApiSentCodeResponse()
  async resendTo(@UserId() id: number): Promise<SentCodeResource> {
    return SentCodeResource.of(await this.confirmationService.resend(id));
  }
}
