import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '../shared/config/settings.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { Clock } from '../shared/time/clock.js';
import { before, DAY, HOUR, MINUTE } from '../shared/time/duration.js';
import { AuditSeals, type Place } from './audit-seals.js';
import { ChainBroken } from './chain-broken.js';
import { ChainRepository } from './chain.repository.js';

const BATCH = 500;

/**
 * Removes events that have been kept long enough: from the beginning of the chain, whose last removed place stays in
 * the head, so that what is left can still be verified. What does not verify is evidence and is not removed.
 */
@Injectable()
export class AuditRetention implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Audit');
  private readonly keptFor: number;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    { audit }: Settings,
    private readonly chain: ChainRepository,
    private readonly seals: AuditSeals,
    private readonly db: UnitOfWork,
    private readonly clock: Clock,
  ) {
    this.keptFor = audit.retentionDays * DAY;
  }

  onApplicationBootstrap(): void {
    this.plan(MINUTE);
  }

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    await this.running;
  }

  /**
   * Removes all that is due.
   *
   * @returns how many events
   * @throws ChainBroken at the first that does not verify
   */
  async removeExpired(): Promise<number> {
    for (let removed = 0; ;) {
      const count = await this.removeBatch();
      removed += count;
      if (count < BATCH) return removed;
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

  private plan(delay: number): void {
    this.timer = setTimeout(() => {
      this.running = this.run().then(() => this.plan(HOUR));
    }, delay).unref();
  }

  private async run(): Promise<void> {
    try {
      const count = await this.removeExpired();
      if (count > 0) this.logger.log(`${count} events of the audit log were kept long enough and removed`);
    } catch (error) {
      const reason = error instanceof ChainBroken ? error.message : 'the database failed';
      this.logger.error({ err: error }, `Expired events of the audit log were not removed: ${reason}`);
    }
  }
}
