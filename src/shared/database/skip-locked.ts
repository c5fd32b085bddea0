import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { UnitOfWork } from './unit-of-work.js';

/**
 * Locks the rows that a query finds and leaves out those that somebody else has locked, so that replicas share work
 * without waiting for each other. The embedded database has no row locks and needs none: one unit runs at a time.
 */
export function skipLocked<T extends ObjectLiteral>(
  db: UnitOfWork,
  query: SelectQueryBuilder<T>,
): SelectQueryBuilder<T> {
  return db.isEmbedded ? query : query.setLock('pessimistic_write').setOnLocked('skip_locked');
}
