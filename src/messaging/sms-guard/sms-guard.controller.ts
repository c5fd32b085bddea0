import { Controller, Delete, Get, Param } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { AdminOnly } from '../../shared/access/index.js';
import { Settings } from '../../shared/config/settings.js';
import { ApiEmptyResponse, ApiError, ApiJsonResponse } from '../../shared/openapi/api-responses.js';
import { Clock } from '../../shared/lib/clock.js';
import { SmsGuardResource } from './sms-guard.resource.js';
import { SmsGuard } from './sms-guard.service.js';

/** For administrators: what is spent on SMS, and where they are paused. */
@ApiTags('Support')
@AdminOnly()
@Controller('v1/sms_guard')
export class SmsGuardController {
  constructor(
    private readonly guard: SmsGuard,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /** The SMS spend guard: budgets, country prefixes and their pauses. */
  @Get()
  @ApiJsonResponse(200, SmsGuardResource)
  async read(): Promise<SmsGuardResource> {
    return SmsGuardResource.of(await this.guard.state(), this.settings, this.clock.now());
  }

  /** Lift the pause of a country prefix. Its codes count from the first again. */
  @Delete('pauses/:prefix')
  @ApiParam({
    name: 'prefix',
    description: 'A country prefix, with or without `+`',
    example: '44',
    schema: { type: 'string', pattern: '^\\+?[1-9][0-9]{0,2}$' },
  })
  @ApiEmptyResponse('Codes are sent there again.')
  @ApiError(404, 'Pause not found', 'This prefix is not paused.')
  liftPause(@Param('prefix') prefix: string): Promise<void> {
    return this.guard.liftPause(prefix.replace(/^\+/, ''));
  }
}
