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
/** A message that is delivered this late may have been superseded by a newer one. */
const LATE_MS = 5 * SECOND;

type Send = (deadline: AbortSignal) => Promise<void>;

/** Makes one attempt to deliver a claimed message, and records its outcome. */
@Injectable()
export class Delivery {
  private readonly logger = new Logger(Delivery.name);

  constructor(
    private readonly smsChannel: SmsChannel,
    private readonly emailChannel: EmailChannel,
    private readonly messageTexts: MessageTexts,
    private readonly contentCipher: ContentCipher,
    private readonly messagesRepository: MessagesRepository,
    private readonly messagingMetrics: MessagingMetrics,
    private readonly clock: Clock,
  ) {}

  /**
   * @param stopping aborted when the application can't wait any longer: the message is then due again at once
   * @returns the back-off: milliseconds until the next attempt, or null where there is none
   */
  async attempt(message: Message, stopping: AbortSignal): Promise<number | null> {
    if (message.isExpired(this.clock.now()) || (await this.isObsolete(message))) {
      await this.giveUp(message, 'expired');
      return null;
    }
    try {
      await withinDeadline(this.prepare(message), stopping);
    } catch (error) {
      return this.recordFailure(message, error, stopping);
    }
    this.messagingMetrics.countAttempt(message, 'accepted');
    if (await this.messagesRepository.markSent(message, this.clock.now()))
      this.messagingMetrics.count(message, 'sent');
    return null;
  }

  /** A code or a link no longer works once there is a newer one, and would only mislead. */
  private async isObsolete(message: Message): Promise<boolean> {
    const holdsSecret = message.kind === 'confirmation' || message.kind === 'password_reset';
    const isLate = this.clock.now() > after(message.createdAt, LATE_MS);
    return holdsSecret && isLate && this.messagesRepository.isSuperseded(message);
  }

  /** @throws DeliveryRefused for what can't be read or put into words, now or ever */
  private prepare(message: Message): Send {
    try {
      const content = this.contentCipher.decrypt(message.content ?? Buffer.alloc(0), message.publicId);
      if (message.channel === 'sms') {
        const sms = this.messageTexts.sms(message, content);
        return (deadline) => this.smsChannel.send(sms, deadline);
      }
      const email = this.messageTexts.email(message, content);
      return (deadline) => this.emailChannel.send(email, deadline);
    } catch (error) {
      // The error holds no personal data: neither a failed decryption nor a missing value tells the content.
      this.logger.error({ err: error, messageId: message.publicId }, 'A message is unreadable');
      throw new DeliveryRefused('unreadable');
    }
  }

  private async recordFailure(
    message: Message,
    error: unknown,
    stopping: AbortSignal,
  ): Promise<number | null> {
    if (stopping.aborted) {
      await this.messagesRepository.postpone(message, this.clock.now());
      return null;
    }
    const isRefused = error instanceof DeliveryRefused;
    this.messagingMetrics.countAttempt(message, isRefused ? 'refused' : 'postponed');
    const { publicId: messageId, userId, kind, channel, attempts } = message;
    const facts = { messageId, userId, kind, channel, attempts, reason: failureReason(error) };
    if (isRefused) {
      this.logger.error(facts, 'A message was refused and is given up');
      await this.giveUp(message, 'failed');
      return null;
    }
    const backOff = retryDelay(attempts);
    const dueAt = after(this.clock.now(), backOff);
    if (message.isExpired(dueAt)) {
      this.logger.error(facts, 'A message could not be delivered in time and is given up');
      await this.giveUp(message, 'expired');
      return null;
    }
    this.logger.warn(facts, 'A message could not be delivered and is tried again');
    await this.messagesRepository.postpone(message, dueAt);
    return backOff;
  }

  private async giveUp(message: Message, status: 'failed' | 'expired'): Promise<void> {
    if (await this.messagesRepository.giveUp(message, status)) this.messagingMetrics.count(message, status);
  }
}

/** Waits no longer than the deadline, even for a channel that ignores it. */
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
