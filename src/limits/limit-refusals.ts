import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { TooManyRequests } from '../shared/errors/index.js';
import { Metrics } from '../shared/observability/metrics.js';
import type { LimitResult } from './limit-result.js';

/** Requests that are refused with 429. */
@Injectable()
export class LimitRefusals {
  private readonly refusals: Counter<'limit'>;

  constructor({ registry }: Metrics) {
    this.refusals = new Counter({
      name: 'rate_limited_requests_total',
      help: 'Requests refused with 429, by limit',
      labelNames: ['limit'],
      registers: [registry],
    });
  }

  /** Counts a refusal. @returns the error to throw; nobody is told to come back in less than a second */
  refuse(limit: string, { retryAfter }: Pick<LimitResult, 'retryAfter'>): TooManyRequests {
    this.refusals.inc({ limit });
    return new TooManyRequests(Math.max(1, retryAfter));
  }
}
