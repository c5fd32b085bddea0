import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Rate } from '../../shared/config/limit-settings.js';
import { Moment } from '../../shared/database/columns.js';
import { SECOND, after } from '../../shared/lib/duration.js';

/** More uses than that are not kept, and no figure above it is told from it. */
const MAX_COUNT = 1000;

const moments = {
  to: (uses: number[]): string => uses.join(','),
  from: (text: string): number[] => (text === '' ? [] : text.split(',').map(Number)),
};

/**
 * When something was lately done for one subject. All of it is in one row, so that one lock makes counting and using
 * a single step; the subject is a keyed hash, so that the row tells nobody's address or number.
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

  /** Milliseconds until all rates allow another use; 0 is now. */
  wait(rates: readonly Rate[], now: Date): number {
    const waits = rates.map(({ count, seconds }) => {
      const oldestThatCounts = this.uses.at(-Math.min(count, MAX_COUNT));
      return oldestThatCounts === undefined ? 0 : oldestThatCounts + seconds * SECOND - now.getTime();
    });
    return Math.max(0, ...waits);
  }

  use(rates: readonly Rate[], now: Date): void {
    const longest = Math.max(...rates.map(({ seconds }) => seconds)) * SECOND;
    const kept = this.uses.filter((use) => use > now.getTime() - longest);
    // Replicas' clocks differ a little.
    this.uses = [...kept, now.getTime()].toSorted((a, b) => a - b).slice(-MAX_COUNT);
    this.expiresAt = after(now, longest);
  }

  giveBack(): void {
    this.uses = this.uses.slice(0, -1);
  }
}
