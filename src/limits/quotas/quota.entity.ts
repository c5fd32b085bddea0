import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Rate } from '../../shared/config/limit-settings.js';
import { Moment } from '../../shared/database/columns.js';
import { after, SECOND } from '../../shared/lib/duration.js';

/** No more uses are kept; a rate with a higher count limits to this one. */
const MAX_COUNT = 1000;

const moments = {
  to: (uses: number[]): string => uses.join(','),
  from: (text: string): number[] => (text === '' ? [] : text.split(',').map(Number)),
};

/**
 * The latest uses of one subject, as a sliding window log. All of them are in one row, so that one lock makes reading
 * and counting a single step. The subject is a keyed hash, so that the row tells no address and no number.
 */
@Entity('quotas')
@Index('quotas_expires_at', ['expiresAt'])
export class Quota {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  subjectDigest: string;

  /** Milliseconds since 1970, oldest first. */
  @Column({ type: 'text', transformer: moments })
  uses: number[];

  /** From then on no use counts any more. */
  @Moment()
  expiresAt: Date;

  /** Milliseconds until all rates allow another use; 0 is at once. */
  retryAfter(rates: readonly Rate[], now: Date): number {
    const waits = rates.map(({ count, seconds }) => {
      const oldestThatCounts = this.uses.at(-Math.min(count, MAX_COUNT));
      return oldestThatCounts === undefined ? 0 : oldestThatCounts + seconds * SECOND - now.getTime();
    });
    return Math.max(0, ...waits);
  }

  /** How many uses all rates still allow now. */
  remaining(rates: readonly Rate[], now: Date): number {
    const counts = rates.map(({ count, seconds }) => {
      const used = this.uses.filter((use) => use > now.getTime() - seconds * SECOND).length;
      return Math.min(count, MAX_COUNT) - used;
    });
    return Math.max(0, Math.min(...counts));
  }

  consume(rates: readonly Rate[], now: Date): void {
    const longest = Math.max(...rates.map(({ seconds }) => seconds)) * SECOND;
    const kept = this.uses.filter((use) => use > now.getTime() - longest);
    // Sorted, because the clocks of replicas differ a little.
    this.uses = [...kept, now.getTime()].toSorted((a, b) => a - b).slice(-MAX_COUNT);
    this.expiresAt = after(now, longest);
  }

  refund(): void {
    this.uses = this.uses.slice(0, -1);
  }
}
