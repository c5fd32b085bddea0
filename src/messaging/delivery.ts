import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../shared/lib/clock.js';
import { after, SECOND } from '../shared/lib/duration.js';
import { DeliveryFailed, DeliveryRefused, failureReason } from './channels/delivery-errors.js';
import { EmailChannel } from './channels/email-channel.js';
import { SmsChannel } from './channels/sms-channel.js';
import { ContentCipher } from './message-content.js';
import type { Message } from './message.entity.js';
import { MessagesRepository } from './messages.repository.js';
import { MessagingMetrics } from './messaging.metrics.js';
import { retryDelay } from './retry-delay.js';
import { MessageTexts } from './templates/message-texts.js';

/** What a provider gets to accept a message. */
const PROVIDER_TIMEOUT_MS = 10 * SECOND;
/** A message that is delivered this late may have been followed by another one. */
const LATE_MS = 5 * SECOND;

type Send = (deadline: AbortSignal) => Promise<void>;

/** One attempt to deliver a claimed message, and what is noted of it. */
@Injectable()
export class Delivery {
  private readonly logger = new Logger(Delivery.name);

  constructor(
    private readonly sms: SmsChannel,
    private readonly email: EmailChannel,
    private readonly texts: MessageTexts,
    private readonly cipher: ContentCipher,
    private readonly messages: MessagesRepository,
    private readonly metrics: MessagingMetrics,
    private readonly clock: Clock,
  ) {}

  /**
   * @param stopping aborted when the application can't wait any longer: the message is free for others at once
   * @returns milliseconds until the next attempt, or null when there is none
   */
  async attempt(message: Message, stopping: AbortSignal): Promise<number | null> {
    if (message.isExpired(this.clock.now()) || (await this.isObsolete(message))) {
      await this.giveUp(message, 'expired');
      return null;
    }
    try {
      await withinDeadline(this.prepare(message), stopping);
    } catch (error) {
      return this.noteFailure(message, error, stopping);
    }
    this.metrics.countAttempt(message, 'accepted');
    if (await this.messages.markSent(message, this.clock.now())) this.metrics.count(message, 'sent');
    return null;
  }

  /** A code or a link works no longer once there is a newer one, and would only lead astray. */
  private async isObsolete(message: Message): Promise<boolean> {
    const holdsSecret = message.kind === 'confirmation' || message.kind === 'password_reset';
    const isLate = this.clock.now() > after(message.createdAt, LATE_MS);
    return holdsSecret && isLate && this.messages.isSuperseded(message);
  }

  /** @throws DeliveryRefused for what can't be read or put into words, now or ever */
  private prepare(message: Message): Send {
    try {
      const content = this.cipher.decrypt(message.content ?? Buffer.alloc(0), message.publicId);
      if (message.channel === 'sms') {
        const sms = this.texts.sms(message, content);
        return (deadline) => this.sms.send(sms, deadline);
      }
      const email = this.texts.email(message, content);
      return (deadline) => this.email.send(email, deadline);
    } catch (error) {
      // Of no personal data: a failed decryption and a missing value say nothing of what they failed at.
      this.logger.error({ err: error, messageId: message.publicId }, 'A message is unreadable');
      throw new DeliveryRefused('unreadable');
    }
  }

  private async noteFailure(message: Message, error: unknown, stopping: AbortSignal): Promise<number | null> {
    if (stopping.aborted) {
      await this.messages.postpone(message, this.clock.now());
      return null;
    }
    const isRefused = error instanceof DeliveryRefused;
    this.metrics.countAttempt(message, isRefused ? 'refused' : 'postponed');
    const { publicId: messageId, userId, kind, channel, attempts } = message;
    const facts = { messageId, userId, kind, channel, attempts, reason: failureReason(error) };
    if (isRefused) {
      this.logger.error(facts, 'A message was refused and is given up');
      await this.giveUp(message, 'failed');
      return null;
    }
    const pause = retryDelay(attempts);
    const dueAt = after(this.clock.now(), pause);
    if (message.isExpired(dueAt)) {
      this.logger.error(facts, 'A message could not be delivered in time and is given up');
      await this.giveUp(message, 'expired');
      return null;
    }
    this.logger.warn(facts, 'A message could not be delivered and is tried again');
    await this.messages.postpone(message, dueAt);
    return pause;
  }

  private async giveUp(message: Message, status: 'failed' | 'expired'): Promise<void> {
    if (await this.messages.giveUp(message, status)) this.metrics.count(message, status);
  }
}

/** Does not wait longer than the deadline even for a channel that takes no notice of it. */
async function withinDeadline(send: Send, stopping: AbortSignal): Promise<void> {
  const deadline = new AbortController();
  const stop = (): void => deadline.abort(new DeliveryFailed('stopped'));
  const timer = setTimeout(() => deadline.abort(new DeliveryFailed('timed out')), PROVIDER_TIMEOUT_MS);
  stopping.addEventListener('abort', stop);
  if (stopping.aborted) stop();
  try {
    await new Promise<void>((resolve, reject) => {
      deadline.signal.addEventListener('abort', () => reject(deadline.signal.reason as Error), {
        once: true,
      });
      send(deadline.signal).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    stopping.removeEventListener('abort', stop);
  }
}
