import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../shared/database/unit-of-work.js';

/** 96 bits in base64url: 16 characters. */
const WRITER_BYTES = 12;

/** Whose event it is, and which of theirs: numbers are without gaps, from 1. */
export interface EventNumber {
  readonly writer: string;
  readonly writerNumber: number;
}

interface Writer {
  readonly id: string;
  /** Of its last event that is committed. */
  committed: number;
}

/** What a unit of work has written so far. */
interface Claim {
  readonly writer: Writer;
  last: number;
  isSpoilt: boolean;
}

/**
 * Numbers the events of this process, so that one that was removed before its seal leaves a gap
 * (docs/decisions/0015-events-removed-before-their-seal.md). A unit of work has a writer to itself until it ends, and its
 * numbers count only when it commits: one that is rolled back leaves no gap, and units need not wait for one another.
 */
@Injectable()
export class EventWriters {
  private readonly free: Writer[] = [];
  private readonly claims = new WeakMap<object, Claim>();

  constructor(private readonly db: UnitOfWork) {}

  /** Hands the next number of the open unit of work to `write`. */
  async numbered(write: (number: EventNumber) => Promise<void>): Promise<void> {
    const claim = this.claim();
    claim.last += 1;
    try {
      await write({ writer: claim.writer.id, writerNumber: claim.last });
    } catch (error) {
      // Should the unit commit in spite of it, nothing of this writer may follow the number that is not there.
      claim.isSpoilt = true;
      this.claims.delete(this.db.unit);
      throw error;
    }
  }

  private claim(): Claim {
    const { unit } = this.db;
    const known = this.claims.get(unit);
    if (known) return known;
    // The one that was free last: an event is followed by the next one of its writer as soon as possible.
    const writer = this.free.pop() ?? { id: randomBytes(WRITER_BYTES).toString('base64url'), committed: 0 };
    const claim = { writer, last: writer.committed, isSpoilt: false };
    this.claims.set(unit, claim);
    this.db.onEnd((outcome) => {
      if (outcome === 'committed' && !claim.isSpoilt) writer.committed = claim.last;
      // A writer of which it is not known how many events there are writes no more.
      if (outcome === 'rolled back' || (outcome === 'committed' && !claim.isSpoilt)) this.free.push(writer);
    });
    return claim;
  }
}
