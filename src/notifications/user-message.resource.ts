import { ApiProperty } from '@nestjs/swagger';
import {
  type Message,
  MESSAGE_STATUSES,
  type MessageKind,
  type MessageStatus,
  type NewMessage,
} from '../messaging/index.js';
import { PageMeta, type PageWindow } from '../shared/http/paging.dto.js';

/** What support sees of a message: everything but its content. */
export class UserMessageResource {
  /**
   * What providers know it by, too.
   * @example "msg_3q2-7wAAAAAAAAAAAAAAAA"
   */
  id: string;
  /** @example "confirmation" */
  kind: MessageKind;
  /** @example "sms" */
  channel: NewMessage['channel'];
  /** @example "+*********67" */
  destination: string;
  /** @example "sent" */
  @ApiProperty({ enum: MESSAGE_STATUSES })
  status: MessageStatus;
  /**
   * How often its delivery was tried.
   * @example 1
   */
  attempts: number;
  /** @example "2026-11-20T10:00:00.000Z" */
  createdAt: Date;
  /** @example "2026-11-20T10:00:01.000Z" */
  sentAt: Date | null;

  static of(message: Message): UserMessageResource {
    return {
      id: message.publicId,
      kind: message.kind,
      channel: message.channel,
      destination: message.destination,
      status: message.status,
      attempts: message.attempts,
      createdAt: message.createdAt,
      sentAt: message.sentAt,
    };
  }
}

export class UserMessageListResource {
  messages: UserMessageResource[];
  meta: PageMeta;

  static of(messages: Message[], totalCount: number, window: PageWindow): UserMessageListResource {
    return {
      messages: messages.map((message) => UserMessageResource.of(message)),
      meta: PageMeta.of(window, totalCount),
    };
  }
}
