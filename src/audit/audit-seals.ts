import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Settings } from '../shared/config/settings.js';
import { derivedKey } from '../shared/lib/derived-key.js';
import type { AuditEvent, ChainHead } from './audit-event.entity.js';

/** The audit log is not as this application left it. Its message says where. */
export class ChainBroken extends Error {}

/** A link of the chain. Its seal depends on every link before it. */
export interface ChainLink {
  readonly position: number;
  readonly seal: string;
}

type Sealable = Pick<AuditEvent, 'id' | 'digest'>;

/**
 * The audit log is a hash chain (docs/decisions/0006-audit-chain.md). An event that is written has a _digest_, an HMAC
 * over what it says. A moment later it is _sealed_: it becomes a _link_ of the chain, with a position and a _seal_, an
 * HMAC over its digest and the seal of the link before. The _head_ is one row that tells where the chain ends. The key
 * of the HMACs is not in the database: to be able to write there is not enough to make one.
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

  /** An event as the link that follows another. */
  next({ position, seal }: ChainLink, { id, digest }: Sealable): ChainLink {
    return { position: position + 1, seal: this.mac('link', seal, position + 1, id, digest) };
  }

  head({ position, seal, removedPosition, removedSeal }: ChainHead): string {
    return this.mac('head', position, seal, removedPosition, removedSeal);
  }

  /** Whether the head was written under this secret, or has not been written yet. */
  isGenuine(head: ChainHead): boolean {
    if (head.mac === null) return head.position === 0 && head.removedPosition === 0;
    return head.mac === this.head(head);
  }

  /** What is wrong with the event that was found next after a link, or undefined. */
  problemOf(event: AuditEvent, after: ChainLink): string | undefined {
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
