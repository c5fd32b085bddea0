import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { isServer } from '../shared/background/background-jobs.js';
import { BackgroundLoop } from '../shared/background/background-loop.js';
import { Clock } from '../shared/lib/clock.js';
import { after, SECOND } from '../shared/lib/duration.js';
import { Delivery } from './delivery.js';
import type { Message } from './message.entity.js';
import { type DueMessage, type MessageClass, MessagesRepository } from './messages.repository.js';

/** How often the queue is polled: for retries, and for what other processes have queued and left behind. */
const POLL_INTERVAL_MS = SECOND;
/** Wide enough that replicas don't all poll at the same time. */
const POLL_JITTER = 0.1;
/** Three times what a delivery may take, so that no lease ends while its delivery is under way. */
const LEASE_MS = 30 * SECOND;
/** Due messages that are read from the queue at once. */
const LOOK_AHEAD = 200;
/** After another replica has claimed all that was found. */
const COLLISION_PAUSE_MS = 50;
/** How long the end of the application waits for deliveries that are under way. */
const SHUTDOWN_GRACE_MS = 5 * SECOND;

/**
 * Deliveries of one class of messages. Each class has a capacity of its own, so that one that is stuck holds up no
 * other: a dead mail server no SMS, and messages that have failed before none that are new.
 */
interface DeliveryPool extends MessageClass {
  /** Deliveries at the same time. */
  readonly capacity: number;
  inFlight: number;
}

/**
 * Takes messages from the queue to their channels, as soon as they are committed. One runs in every server; they share
 * the queue by claiming. What was claimed by a process that died is due again when its lease has run out.
 */
@Injectable()
export class Dispatcher implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger(Dispatcher.name);
  private readonly pools: DeliveryPool[] = [
    { channel: 'sms', isRetry: false, capacity: 64, inFlight: 0 },
    { channel: 'sms', isRetry: true, capacity: 64, inFlight: 0 },
    { channel: 'email', isRetry: false, capacity: 32, inFlight: 0 },
    { channel: 'email', isRetry: true, capacity: 32, inFlight: 0 },
  ];
  private readonly deliveries = new Set<Promise<void>>();
  private readonly loop = new BackgroundLoop({
    interval: POLL_INTERVAL_MS,
    jitter: POLL_JITTER,
    run: () => this.dispatchDue(),
    onFailure: (error) => this.logFailure(error),
  });
  /** Aborted when the application can't wait any longer for deliveries. */
  private readonly graceOver = new AbortController();
  private isFailing = false;

  constructor(
    private readonly messagesRepository: MessagesRepository,
    private readonly delivery: Delivery,
    private readonly clock: Clock,
    private readonly host: HttpAdapterHost,
  ) {
    // Every delivery listens.
    setMaxListeners(0, this.graceOver.signal);
  }

  onApplicationBootstrap(): void {
    this.wake();
  }

  /** No more claims from here on. */
  beforeApplicationShutdown(): void {
    void this.loop.stop();
  }

  /** After the last request. Deliveries may finish; the messages of those that take too long are put back. */
  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
    const grace = setTimeout(() => this.graceOver.abort(), SHUTDOWN_GRACE_MS);
    await Promise.all(this.deliveries);
    clearTimeout(grace);
  }

  /** There is something to deliver. Returns at once and never throws. The command line delivers nothing. */
  wake(): void {
    if (isServer(this.host)) this.loop.wake();
  }

  private async dispatchDue(): Promise<void> {
    await this.claimDue();
    this.isFailing = false;
  }

  private async claimDue(): Promise<void> {
    const pools = this.pools.filter(({ capacity, inFlight }) => inFlight < capacity);
    if (pools.length === 0) return;
    const due = await this.messagesRepository.findDue(pools, this.clock.now(), LOOK_AHEAD);
    const chosen = pools.flatMap((pool) => choose(due, pool));
    if (chosen.length === 0) return;
    const now = this.clock.now();
    const claimed = await this.messagesRepository.claim(
      chosen.map(({ id }) => id),
      now,
      after(now, LEASE_MS),
    );
    for (const message of claimed) this.start(message);
    // There may be more; where another replica has claimed all of these, there surely is.
    if (claimed.length === 0) await delay(COLLISION_PAUSE_MS);
    if (claimed.length === 0 || due.length === LOOK_AHEAD) this.wake();
  }

  private start(message: Message): void {
    const pool = this.pools.find(
      ({ channel, isRetry }) => channel === message.channel && isRetry === message.attempts > 1,
    )!;
    pool.inFlight++;
    const delivery = this.deliver(message).finally(() => {
      this.deliveries.delete(delivery);
      pool.inFlight--;
      // More may be waiting for capacity. Not after every delivery, or each would cost a poll.
      if (pool.inFlight === Math.floor(pool.capacity / 2)) this.wake();
    });
    this.deliveries.add(delivery);
  }

  private async deliver(message: Message): Promise<void> {
    try {
      const backOff = await this.delivery.attempt(message, this.graceOver.signal);
      // On time; the next poll could be a second late.
      if (backOff !== null && backOff < LEASE_MS) setTimeout(() => this.wake(), backOff).unref();
    } catch (error) {
      // The outcome could not be recorded. The lease runs out, and the message is delivered once more.
      this.logger.error(
        { err: error, messageId: message.publicId },
        'The outcome of a delivery is not recorded',
      );
    }
  }

  /** Once for each time that the database is away: the queue is polled every second. */
  private logFailure(error: unknown): void {
    if (!this.isFailing) this.logger.error({ err: error }, 'The queue of messages cannot be read');
    this.isFailing = true;
  }
}

/** As many of the due messages as the pool has capacity for. */
function choose(
  due: readonly DueMessage[],
  { channel, isRetry, capacity, inFlight }: DeliveryPool,
): DueMessage[] {
  return due
    .filter((message) => message.channel === channel && message.isRetry === isRetry)
    .slice(0, capacity - inFlight);
}
