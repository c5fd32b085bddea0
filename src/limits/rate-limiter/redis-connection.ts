import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Redis } from 'ioredis';
import { SECOND } from '../../shared/lib/duration.js';

/** A Redis that does not answer within this time counts as away: no request waits longer. */
const ANSWER_TIMEOUT_MS = SECOND;
const CONNECT_TIMEOUT_MS = 2 * SECOND;
/** A connection that is silent for this long is closed, and another one is opened. */
const SILENCE_TIMEOUT_MS = 10 * SECOND;
/** Between two attempts to connect. */
const RECONNECT_AFTER_MS = 2 * SECOND;

/** The connection to a Redis server that may go away and come back at any time. */
export class RedisConnection implements OnModuleInit, OnApplicationShutdown {
  readonly client: Redis;
  private readonly logger = new Logger('Redis');
  private isAway = false;

  constructor(url: string) {
    this.client = new Redis(url, {
      lazyConnect: true,
      connectTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: SILENCE_TIMEOUT_MS,
      retryStrategy: () => RECONNECT_AFTER_MS,
      // A command that can't be answered now fails now: sending it again later would count twice.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
    });
    this.client.on('error', (error) => this.recordAbsence(error));
    this.client.on('ready', () => this.recordReturn());
  }

  /** Waits for one attempt to connect, so that the first requests are counted in Redis. The start does not depend on it. */
  async onModuleInit(): Promise<void> {
    await this.client.connect().catch((error: unknown) => this.recordAbsence(error));
  }

  onApplicationShutdown(): void {
    this.client.disconnect();
  }

  /** @throws when Redis does not answer */
  async ping(): Promise<void> {
    await this.client.ping();
  }

  /** Runs `work`, or `fallback` when Redis is away or `work` fails. */
  async attempt<T>(work: () => Promise<T>, fallback: () => Promise<T>): Promise<T> {
    if (this.client.status !== 'ready') {
      // A connection that was closed in an orderly way is no error to the client.
      this.recordAbsence(new Error(`The connection is in state ${this.client.status}`));
      return fallback();
    }
    try {
      return await this.withTimeout(work);
    } catch (error) {
      this.recordAbsence(error);
      return fallback();
    }
  }

  private withTimeout<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      let isLate = true;
      const giveUp = (): void => {
        if (!isLate) return;
        reject(new Error('Redis is silent'));
        this.client.disconnect(true);
      };
      // If this process itself was busy for that long, the answer has arrived and has only not been read yet.
      const timer = setTimeout(() => setImmediate(giveUp), ANSWER_TIMEOUT_MS);
      work()
        .then(resolve, reject)
        .finally(() => {
          isLate = false;
          clearTimeout(timer);
        });
    });
  }

  /** Logged once, not with every request or attempt. */
  private recordAbsence(error: unknown): void {
    if (this.isAway) return;
    this.isAway = true;
    this.logger.warn(
      { err: error },
      'Redis is away: until it is back, limits are counted in each process by itself',
    );
  }

  private recordReturn(): void {
    if (!this.isAway) return;
    this.isAway = false;
    this.logger.log('Redis is back: limits are counted there again');
  }
}
