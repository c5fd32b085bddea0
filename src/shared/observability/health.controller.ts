import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Public } from '../access/index.js';
import { Unavailable } from '../errors/index.js';
import { Metrics } from './metrics.js';
import { ReadinessChecks } from './readiness-checks.js';

class Health {
  @ApiProperty({ example: 'ok' })
  status: string;
}

/** For orchestrators and Prometheus. */
@ApiTags('Operations')
@Public()
@Controller()
export class HealthController {
  constructor(
    private readonly checks: ReadinessChecks,
    private readonly metrics: Metrics,
  ) {}

  /** Whether the process runs. */
  @Get('health/live')
  @ApiOkResponse({ type: Health })
  live(): Health {
    return { status: 'ok' };
  }

  /** Whether requests can be served: the database answers, and Redis where it is configured. */
  @Get('health/ready')
  @ApiOkResponse({ type: Health })
  async ready(): Promise<Health> {
    try {
      await this.checks.run();
    } catch (error) {
      throw new Unavailable({ cause: error });
    }
    return { status: 'ok' };
  }

  /** Metrics in the text format of Prometheus. */
  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string', example: 'process_cpu_user_seconds_total 0.25' } })
  read(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
