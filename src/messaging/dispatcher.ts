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
import { Clock } from '../shared/lib/clock.js';
import { after, SECOND } from '../shared/lib/duration.js';
import { Delivery } from './delivery.js';
import type { Message } from './message.entity.js';
import { type DueMessage, MessagesRepository, type QueuePart } from './messages.repository.js';

/** How often the queue is looked at unasked: for retries, and for what others have queued and left behind. */
const POLL_INTERVAL_MS = SECOND;
/** A claim is for this long. Three times what a delivery may take, so that none is claimed while it is under way. */
const LEASE_MS = 30 * SECOND;
/** How many ids are read from the queue at once. */
const LOOK_AHEAD = 200;
/** After another replica was faster with all that was found. */
const COLLISION_PAUSE_MS = 50;
/** How long the end of the application waits for deliveries that are under way. */
const STOP_PATIENCE_MS = 5 * SECOND;

/**
 * A part of the queue that has places of its own, so that one that is stuck leaves the rest alone: a dead mail server no
 * SMS, and messages that have failed before none that are new.
 */
interface Lane extends QueuePart {
  /** Deliveries at the same time. */
  readonly places: number;
  taken: number;
}

/**
 * Takes messages from the queue to their channels, as soon as they are committed. One runs in every server: they share
 * by claiming. Whatever was claimed by one that died is free again when its lease has run out.
 */
@Injectable()
export class Dispatcher implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger(Dispatcher.name);
  private readonly lanes: Lane[] = [
    { channel: 'sms', isRetry: false, places: 64, taken: 0 },
    { channel: 'sms', isRetry: true, places: 64, taken: 0 },
    { channel: 'email', isRetry: false, places: 32, taken: 0 },
    { channel: 'email', isRetry: true, places: 32, taken: 0 },
  ];
  private readonly deliveries = new Set<Promise<void>>();
  /** No more claims. */
  private stopped = false;
  /** No more waiting, either. */
  private readonly impatience = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private isAwake = false;
  private endRest: (() => void) | null = null;
  private isFailing = false;

  constructor(
    private readonly messages: MessagesRepository,
    private readonly delivery: Delivery,
    private readonly clock: Clock,
    private readonly host: HttpAdapterHost,
  ) {
    // Every delivery listens.
    setMaxListeners(0, this.impatience.signal);
  }

  onApplicationBootstrap(): void {
    if (isServer(this.host)) this.running = this.run();
  }

  beforeApplicationShutdown(): void {
    this.stopped = true;
    this.wake();
  }

  /** After the last request. Deliveries may finish; those that take too long are given back. */
  async onApplicationShutdown(): Promise<void> {
    await this.running;
    const patience = setTimeout(() => this.impatience.abort(), STOP_PATIENCE_MS);
    await Promise.all(this.deliveries);
    clearTimeout(patience);
  }

  /** There is something to do. Returns at once, and whatever happens then is none of the caller's business. */
  wake(): void {
    this.isAwake = true;
    this.endRest?.();
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      this.isAwake = false;
      try {
        await this.dispatchDue();
        this.isFailing = false;
      } catch (error) {
        // Once is enough: it is looked for every second.
        if (!this.isFailing) this.logger.error({ err: error }, 'The queue of messages cannot be read');
        this.isFailing = true;
      }
      if (!this.isAwake || this.isFailing) await this.rest();
    }
  }

  private async dispatchDue(): Promise<void> {
    const open = this.lanes.filter(({ places, taken }) => taken < places);
    if (open.length === 0) return;
    const due = await this.messages.due(open, this.clock.now(), LOOK_AHEAD);
    const chosen = open.flatMap((lane) => choose(due, lane));
    if (chosen.length === 0) return;
    const now = this.clock.now();
    const claimed = await this.messages.claim(
      chosen.map(({ id }) => id),
      now,
      after(now, LEASE_MS),
    );
    for (const message of claimed) this.start(message);
    // There may be more; where another replica was faster with all of these, surely.
    if (claimed.length === 0) await delay(COLLISION_PAUSE_MS);
    if (claimed.length === 0 || due.length === LOOK_AHEAD) this.wake();
  }

  private start(message: Message): void {
    const lane = this.lanes.find(
      (one) => one.channel === message.channel && one.isRetry === message.attempts > 1,
    )!;
    lane.taken++;
    const delivery = this.deliver(message).finally(() => {
      this.deliveries.delete(delivery);
      lane.taken--;
      // More may be waiting for a place; not for each single one, which would be a look at the queue for each.
      if (lane.taken === Math.floor(lane.places / 2)) this.wake();
    });
    this.deliveries.add(delivery);
  }

  private async deliver(message: Message): Promise<void> {
    try {
      const pause = await this.delivery.attempt(message, this.impatience.signal);
      // To the point, where the next look at the queue could be a second late.
      if (pause !== null && pause < LEASE_MS) setTimeout(() => this.wake(), pause).unref();
    } catch (error) {
      // What happened could not be noted. The lease runs out, and the message is delivered once more.
      this.logger.error({ err: error, messageId: message.publicId }, 'A delivery could not be noted');
    }
  }

  private async rest(): Promise<void> {
    // Wide enough that replicas don't look all at the same time.
    const pause = POLL_INTERVAL_MS * (0.9 + 0.2 * Math.random());
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pause).unref();
      this.endRest = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.stopped) this.endRest();
    });
    this.endRest = null;
  }
}

/** As many of the due messages as the lane has places. */
function choose(due: readonly DueMessage[], { channel, isRetry, places, taken }: Lane): DueMessage[] {
  return due
    .filter((message) => message.channel === channel && message.isRetry === isRetry)
    .slice(0, places - taken);
}
