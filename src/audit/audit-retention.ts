import { Injectable, Logger } from '@nestjs/common';
import { BackgroundJob } from '../shared/background/background-jobs.js';
import { Settings } from '../shared/config/settings.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { Clock } from '../shared/lib/clock.js';
import { before, DAY, MINUTE } from '../shared/lib/duration.js';
import { AuditSeals, ChainBroken, type ChainLink } from './audit-seals.js';
import { ChainRepository } from './chain.repository.js';

const BATCH = 500;
const INTERVAL_MS = 10 * MINUTE;

/**
 * Removes events that have been kept long enough: from the beginning of the hash chain (see `AuditSeals`), whose last
 * removed link stays in the head, so that the rest can still be verified. What does not verify is evidence and stays.
 */
@Injectable()
export class AuditRetention {
  private readonly logger = new Logger('Audit');
  private readonly keptFor: number;

  constructor(
    { audit }: Settings,
    private readonly chainRepository: ChainRepository,
    private readonly auditSeals: AuditSeals,
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
      const head = await this.chainRepository.lockHead({ wait: true });
      // The sealer reports what is wrong with it.
      if (!head || !this.auditSeals.isGenuine(head)) return 0;
      const expired = before(this.clock.now(), this.keptFor);
      let last: ChainLink = { position: head.removedPosition, seal: head.removedSeal };
      const ids: number[] = [];
      for (const event of await this.chainRepository.findLinksAfter(last.position, BATCH)) {
        if (event.createdAt >= expired) break;
        const problem = this.auditSeals.problemOf(event, last);
        if (problem) throw new ChainBroken(`Link ${last.position + 1} of the audit log: ${problem}`);
        last = this.auditSeals.next(last, event);
        ids.push(event.id);
      }
      if (ids.length === 0) return 0;
      await this.chainRepository.remove(ids);
      const next = { ...head, removedPosition: last.position, removedSeal: last.seal };
      await this.chainRepository.moveHead(head, { ...next, mac: this.auditSeals.head(next) });
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
