import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { AfterCommit } from '../../shared/events/domain-events.js';
import { Metrics } from '../../shared/observability/metrics.js';
import { SmsDecided } from './sms-guard.events.js';

/** Counts SMS with codes, sent and withheld, by country prefix. */
@Injectable()
export class SmsGuardMetrics {
  private readonly decisions: Counter<'prefix' | 'outcome'>;

  constructor({ registry }: Metrics) {
    this.decisions = new Counter({
      name: 'sms_codes_total',
      help: 'SMS with a code: sent, or withheld because the prefix is paused or the budget used up',
      labelNames: ['prefix', 'outcome'],
      registers: [registry],
    });
  }

  @AfterCommit(SmsDecided)
  count({ prefix, outcome }: SmsDecided): void {
    this.decisions.inc({ prefix: `+${prefix}`, outcome });
  }
}
