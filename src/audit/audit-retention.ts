import { Injectable, Logger } from '@nestjs/common';
import { BackgroundJob } from '../shared/background/background-jobs.js';
import { Settings } from '../shared/config/settings.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { Clock } from '../shared/lib/clock.js';
import { before, DAY, MINUTE } from '../shared/lib/duration.js';
import { AuditSeals, type Place } from './audit-seals.js';
import { ChainBroken } from './chain-broken.js';
import { ChainRepository } from './chain.repository.js';

const BATCH = 500;
const INTERVAL_MS = 10 * MINUTE;

/**
 * Removes events that have been kept long enough: from the beginning of the chain, whose last removed place stays in
 * the head, so that what is left can still be verified. What does not verify is evidence and is not removed.
 */
@Injectable()
export class AuditRetention {
  private readonly logger = new Logger('Audit');
  private readonly keptFor: number;

  constructor(
    { audit }: Settings,
    private readonly chain: ChainRepository,
    private readonly seals: AuditSeals,
    private readonly db: UnitOfWork,
    private readonly clock: Clock,
  ) {
    this.keptFor = audit.retentionDays * DAY;
  }

  /**
   * Removes all that is due.
   *
   * @returns how many events
   * @throws ChainBroken at the first that does not verify
   */
  async removeExpired(stopping?: AbortSignal): Promise<number> {
    let removed = 0;
    for (;;) {
      const count = await this.removeBatch();
      removed += count;
      if (count < BATCH || stopping?.aborted) return removed;
    }
  }

  private removeBatch(): Promise<number> {
    return this.db.run(async () => {
      const head = await this.chain.lockHead({ wait: true });
      // The sealer says what is wrong with it.
      if (!head || !this.seals.isGenuine(head)) return 0;
      const expired = before(this.clock.now(), this.keptFor);
      let place: Place = { position: head.removedPosition, seal: head.removedSeal };
      const ids: number[] = [];
      for (const event of await this.chain.linksAfter(place.position, BATCH)) {
        if (event.createdAt >= expired) break;
        const problem = this.seals.problemOf(event, place);
        if (problem) throw new ChainBroken(`Link ${place.position + 1} of the audit log: ${problem}`);
        place = this.seals.next(place, event);
        ids.push(event.id);
      }
      if (ids.length === 0) return 0;
      await this.chain.remove(ids);
      const next = { ...head, removedPosition: place.position, removedSeal: place.seal };
      await this.chain.moveHead(head, { ...next, mac: this.seals.head(next) });
      return ids.length;
    });
  }

  @BackgroundJob({ interval: INTERVAL_MS })
  async run(stopping: AbortSignal): Promise<void> {
    try {
      const count = await this.removeExpired(stopping);
      if (count > 0) this.logger.log(`${count} events of the audit log were kept long enough and removed`);
    } catch (error) {
      if (!(error instanceof ChainBroken)) throw error;
      this.logger.error(`Expired events of the audit log were not removed: ${error.message}`);
    }
  }
}
