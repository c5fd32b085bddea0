import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { BackgroundJob } from '../shared/background/background-jobs.js';
import { Metrics } from '../shared/observability/metrics.js';
import { Clock } from '../shared/lib/clock.js';
import { SECOND } from '../shared/lib/duration.js';
import type { Message, MessageStatus } from './message.entity.js';
import { MessagesRepository } from './messages.repository.js';
import type { NewMessage } from './outbox.js';

const CHANNELS: readonly NewMessage['channel'][] = ['sms', 'email'];
const MEASURING_INTERVAL = 10 * SECOND;

/** What becomes of messages, for Prometheus. */
@Injectable()
export class MessagingMetrics {
  private readonly messages: Counter<'kind' | 'channel' | 'status'>;
  private readonly attempts: Counter<'channel' | 'outcome'>;
  private oldestQueued = new Map<NewMessage['channel'], Date>();

  constructor(
    { registry }: Metrics,
    clock: Clock,
    private readonly messagesRepository: MessagesRepository,
  ) {
    this.messages = new Counter({
      name: 'messages_total',
      help: 'Messages that reached a status: queued, then sent, failed or expired; or suppressed',
      labelNames: ['kind', 'channel', 'status'],
      registers: [registry],
    });
    this.attempts = new Counter({
      name: 'message_delivery_attempts_total',
      help: 'Attempts to hand a message to its provider: accepted, postponed (tried again later) or refused',
      labelNames: ['channel', 'outcome'],
      registers: [registry],
    });
    const oldestQueued = (): ReadonlyMap<NewMessage['channel'], Date> => this.oldestQueued;
    // oxlint-disable-next-line no-new -- the registry keeps it
    new Gauge({
      name: 'messages_oldest_queued_age_seconds',
      help: 'How long the oldest message waits that is not delivered yet, by channel',
      labelNames: ['channel'],
      registers: [registry],
      collect() {
        for (const channel of CHANNELS) {
          const since = oldestQueued().get(channel)?.getTime() ?? clock.now().getTime();
          this.set({ channel }, Math.max(0, (clock.now().getTime() - since) / SECOND));
        }
      },
    });
  }

  /** Looked up now and then, because /metrics must answer when the database does not. */
  @BackgroundJob({ interval: MEASURING_INTERVAL })
  async findOldestQueued(): Promise<void> {
    this.oldestQueued = await this.messagesRepository.oldestQueued();
  }

  count({ kind, channel }: Message, status: MessageStatus): void {
    this.messages.inc({ kind, channel, status });
  }

  countAttempt({ channel }: Message, outcome: 'accepted' | 'postponed' | 'refused'): void {
    this.attempts.inc({ channel, outcome });
  }
}
