import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Redis } from 'ioredis';
import { SECOND } from '../shared/lib/duration.js';

/** A Redis that is silent for longer is as good as away: no request waits for it any longer. */
const PATIENCE_MS = SECOND;
const CONNECT_TIMEOUT_MS = 2 * SECOND;
/** A new connection that says nothing for so long is given up for another one. */
const SILENCE_TIMEOUT_MS = 10 * SECOND;
/** Between two tries to get through to one that is away. */
const RECONNECT_AFTER_MS = 2 * SECOND;

/** The connection to a Redis that may go away and come back at any time. */
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
      // A command that can't be answered now fails now. To send it again later would count twice.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
    });
    this.client.on('error', (error) => this.noteAbsence(error));
    this.client.on('ready', () => this.noteReturn());
  }

  /** Gives Redis the time of one try, so that the first requests are counted there. The start does not depend on it. */
  async onModuleInit(): Promise<void> {
    await this.client.connect().catch((error: unknown) => this.noteAbsence(error));
  }

  onApplicationShutdown(): void {
    this.client.disconnect();
  }

  /** @throws when Redis does not answer */
  async ping(): Promise<void> {
    await this.client.ping();
  }

  /** Does something with Redis, or `instead` what can be done without. */
  async attempt<T>(work: () => Promise<T>, instead: () => Promise<T>): Promise<T> {
    if (this.client.status !== 'ready') return instead();
    try {
      return await this.withPatience(work);
    } catch (error) {
      this.noteAbsence(error);
      return instead();
    }
  }

  private withPatience<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      let isLate = true;
      const giveUp = (): void => {
        if (!isLate) return;
        reject(new Error('Redis is silent'));
        this.client.disconnect(true);
      };
      // Where this process itself was busy for that long, the answer is here and only has not been read yet.
      const timer = setTimeout(() => setImmediate(giveUp), PATIENCE_MS);
      work()
        .then(resolve, reject)
        .finally(() => {
          isLate = false;
          clearTimeout(timer);
        });
    });
  }

  /** Said once, not with every request or try. */
  private noteAbsence(error: unknown): void {
    if (this.isAway) return;
    this.isAway = true;
    this.logger.warn(
      { err: error },
      'Redis is away: until it is back, limits are counted in each process by itself',
    );
  }

  private noteReturn(): void {
    if (!this.isAway) return;
    this.isAway = false;
    this.logger.log('Redis is back: limits are counted there again');
  }
}
