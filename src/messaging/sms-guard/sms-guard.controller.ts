import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { AdminOnly } from '../../shared/access/index.js';
import { Settings } from '../../shared/config/settings.js';
import { apiError } from '../../shared/openapi/api-error.js';
import { Clock } from '../../shared/lib/clock.js';
import { SmsGuardResource } from './sms-guard.resource.js';
import { SmsGuardService } from './sms-guard.service.js';

/** For administrators: what is spent on SMS, and where they are paused. */
@ApiTags('Support')
@AdminOnly()
@Controller('v1/sms_guard')
export class SmsGuardController {
  constructor(
    private readonly smsGuardService: SmsGuardService,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /** The SMS spend guard: budgets, country prefixes and their pauses. */
  @Get()
  @ApiOkResponse({ type: SmsGuardResource })
  async read(): Promise<SmsGuardResource> {
    return SmsGuardResource.of(await this.smsGuardService.state(), this.settings, this.clock.now());
  }

  /** Lift the pause of a country prefix. Its codes count from the first again. */
  @Delete('pauses/:prefix')
  @HttpCode(204)
  @ApiParam({
    name: 'prefix',
    description: 'A country prefix, with or without `+`',
    example: '44',
    schema: { type: 'string', pattern: '^\\+?[1-9][0-9]{0,2}$' },
  })
  @ApiNoContentResponse({ description: 'Codes are sent there again.' })
  @ApiResponse(apiError(404, 'Pause not found', 'This prefix is not paused.'))
  liftPause(@Param('prefix') prefix: string): Promise<void> {
    return this.smsGuardService.liftPause(prefix.replace(/^\+/, ''));
  }
}
