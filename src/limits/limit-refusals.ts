import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { Metrics } from '../shared/observability/metrics.js';

/** Requests that were refused with 429, by the limit that refused them. */
@Injectable()
export class LimitMetrics {
  private readonly refusals: Counter<'limit'>;

  constructor({ registry }: Metrics) {
    this.refusals = new Counter({
      name: 'rate_limited_requests_total',
      help: 'Requests refused with 429, by limit',
      labelNames: ['limit'],
      registers: [registry],
    });
  }

  noteRefusal(limit: string): void {
    this.refusals.inc({ limit });
  }
}
