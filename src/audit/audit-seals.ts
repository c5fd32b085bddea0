import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Settings } from '../shared/config/settings.js';
import { derivedKey } from '../shared/lib/derived-key.js';
import type { AuditEvent, ChainHead } from './audit-event.entity.js';

/** A place in the chain. The seal stands for everything up to it. */
export interface Place {
  readonly position: number;
  readonly seal: string;
}

type Sealable = Pick<AuditEvent, 'id' | 'digest'>;

/**
 * The HMACs that hold the audit log together (docs/decisions/0006-audit-chain.md), under a key that is not in the
 * database: who can write there but does not know the secret can't make one.
 */
@Injectable()
export class AuditSeals {
  private readonly key: Buffer;

  constructor({ audit }: Settings) {
    this.key = derivedKey(audit.secret, 'audit chain');
  }

  /**
   * Over what an event says. Its id is not known yet when it is written; the seal binds the two. What was added to events
   * later takes part only where it is set, under its name: events that were written before verify as they did.
   */
  digest(event: Omit<AuditEvent, 'id' | 'digest' | 'position' | 'seal'>): string {
    const { createdAt, action, actorId, actorRole, userId, userIds, ip, requestId, reason } = event;
    const moment = createdAt.toISOString();
    const { counted, searchHash, writer, writerNumber } = event;
    const searched = counted === null && searchHash === null ? [] : ['searched', counted, searchHash];
    const written = writer === null && writerNumber === null ? [] : ['writer', writer, writerNumber];
    return this.mac(
      'event',
      moment,
      action,
      actorId,
      actorRole,
      userId,
      userIds,
      ip,
      requestId,
      reason,
      ...searched,
      ...written,
    );
  }

  /** Tells whether two searches were the same, and nothing of what they were for to who does not know the secret. */
  searchHash(narrowedBy: string): string {
    return this.mac('search', narrowedBy);
  }

  /** The place of an event that follows on another. */
  next({ position, seal }: Place, { id, digest }: Sealable): Place {
    return { position: position + 1, seal: this.mac('link', seal, position + 1, id, digest) };
  }

  head({ position, seal, removedPosition, removedSeal }: ChainHead): string {
    return this.mac('head', position, seal, removedPosition, removedSeal);
  }

  /** Whether the head was written under this secret, or never yet. */
  isGenuine(head: ChainHead): boolean {
    if (head.mac === null) return head.position === 0 && head.removedPosition === 0;
    return head.mac === this.head(head);
  }

  /** What is wrong with the event that is found next after a place of the chain, or undefined. */
  problemOf(event: AuditEvent, after: Place): string | undefined {
    const expected = this.next(after, event);
    if (event.position !== expected.position) return 'it is missing';
    if (event.digest !== this.digest(event)) return 'it was altered';
    if (event.seal !== expected.seal)
      return 'it is not the one that stood in this place, or its seal was altered';
    return undefined;
  }

  private mac(...fields: (string | number | readonly number[] | null)[]): string {
    return createHmac('sha256', this.key).update(JSON.stringify(fields)).digest('base64url');
  }
}
