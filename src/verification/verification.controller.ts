import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentUser, Public } from '../shared/access/index.js';
import { ApiUserId, Permit, UserId } from '../users/index.js';
import { ConfirmationService } from './confirmation.service.js';
import { ConfirmationDto } from './verification.dto.js';
import { ApiCodeSent, ApiConfirmed } from './verification.openapi.js';
import { ConfirmationResource, SentCodeResource } from './verification.resource.js';

@ApiTags('Verification')
@Controller('v1/users')
export class VerificationController {
  constructor(private readonly confirmationService: ConfirmationService) {}

  /** Confirm an account with the code that was sent to its phone, or to its e-mail address where it has no phone. */
  @Post('confirmation')
  @HttpCode(200)
  @Public()
  @ApiConfirmed()
  async confirm(@Body() { userId, confirmationCode }: ConfirmationDto): Promise<ConfirmationResource> {
    return ConfirmationResource.of(await this.confirmationService.confirm(userId, confirmationCode));
  }

  /** Send the signed-in user another code. The previous one dies. */
  @Post('resend_confirmation')
  @HttpCode(200)
  @ApiCodeSent()
  async resend(@CurrentUser() actor: Actor): Promise<SentCodeResource> {
    return SentCodeResource.of(await this.confirmationService.resend(actor.id));
  }

  /** Send a user another code, for somebody who is on the phone. For administrators. */
  @Post(':id/resend_confirmation')
  @HttpCode(200)
  @Permit('support')
  @ApiUserId()
  @ApiCodeSent()
  async resendTo(@UserId() id: number): Promise<SentCodeResource> {
    return SentCodeResource.of(await this.confirmationService.resend(id));
  }
}
