import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Counter, Gauge } from 'prom-client';
import { isServer } from '../shared/background/background-jobs.js';
import { BackgroundLoop } from '../shared/background/background-loop.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { AfterCommit } from '../shared/events/domain-events.js';
import { AuditableEvent } from '../shared/events/auditable-event.js';
import { Metrics } from '../shared/observability/metrics.js';
import { HOUR, SECOND } from '../shared/lib/duration.js';
import type { ChainHead } from './audit-event.entity.js';
import { AuditSeals, type Place } from './audit-seals.js';
import { ChainBroken } from './chain-broken.js';
import { ChainRepository, type NewLink } from './chain.repository.js';

/** Events that are sealed together. */
const BATCH = 500;
/** From an event to its seal: long enough that a burst of events is sealed together. */
const DELAY_MS = 100;
/** How often to look for events that another process wrote and did not seal. */
const SWEEP_INTERVAL_MS = 10 * SECOND;
/** However many events are written meanwhile: each failure is an error in the log. */
const PAUSE_AFTER_FAILURE_MS = 10 * SECOND;
const ANNOUNCEMENT_INTERVAL_MS = HOUR;

/**
 * Appends events to the hash chain (see `AuditSeals`) in the background, so that their writers need not wait for one
 * another. The order is settled here, by the process that holds the lock of the chain's head.
 */
@Injectable()
export class AuditSealer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Audit');
  private readonly sealed: Gauge;
  private readonly failures: Counter;
  private readonly loop = new BackgroundLoop({
    interval: SWEEP_INTERVAL_MS,
    wakeDelay: DELAY_MS,
    pauseAfterFailure: PAUSE_AFTER_FAILURE_MS,
    run: () => this.sealAll(),
    onFailure: (error) => this.logFailure(error),
  });
  /** This process has written events since the last run. */
  private hasUnsealed = false;
  private lastPosition = 0;
  private announcedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly chainRepository: ChainRepository,
    private readonly auditSeals: AuditSeals,
    private readonly db: UnitOfWork,
    private readonly host: HttpAdapterHost,
    { registry }: Metrics,
  ) {
    this.sealed = new Gauge({
      name: 'audit_chain_position',
      help: 'Position of the newest link of the audit log that this process has seen; must never fall',
      registers: [registry],
    });
    this.failures = new Counter({
      name: 'audit_sealing_failures_total',
      help: 'Attempts to seal the audit log that failed; the log says why',
      registers: [registry],
    });
  }

  onApplicationBootstrap(): void {
    if (isServer(this.host)) this.loop.start();
  }

  @AfterCommit(AuditableEvent)
  wake(): void {
    this.hasUnsealed = true;
    this.loop.wake();
  }

  /** What this process has written is sealed before it ends. The command line seals, too. */
  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
    if (this.hasUnsealed) await this.loop.runNow();
  }

  /**
   * Seals up to 500 events.
   *
   * @returns how many, or null where another process is sealing now
   * @throws ChainBroken when the head is not as this application left it: sealing more events would hide that
   */
  async seal(): Promise<number | null> {
    const place = await this.db.run(async () => {
      const head = await this.chainRepository.lockHead({ wait: false });
      if (!head) {
        if (await this.chainRepository.head()) return null;
        throw new ChainBroken('The head of the audit log is missing');
      }
      if (!this.auditSeals.isGenuine(head))
        throw new ChainBroken('The head of the audit log was altered, or the secret has changed');
      return { before: head.position, after: await this.extend(head) };
    });
    if (place === null) return null;
    this.observe(place.before, place.after);
    return place.after.position - place.before;
  }

  private async extend(head: ChainHead): Promise<Place> {
    let place: Place = head;
    const links: NewLink[] = [];
    for (const event of await this.chainRepository.unsealed(BATCH)) {
      place = this.auditSeals.next(place, event);
      links.push({ id: event.id, ...place });
    }
    if (links.length === 0) return place;
    await this.chainRepository.seal(links);
    const next = { ...head, ...place };
    const moved = await this.chainRepository.moveHead(head, { ...next, mac: this.auditSeals.head(next) });
    if (!moved) throw new ChainBroken('The head of the audit log moved while it was locked');
    return place;
  }

  /** A position that falls gives away a head that was restored: its HMAC does not tell old from new. */
  private observe(before: number, { position, seal }: Place): void {
    if (before < this.lastPosition) {
      this.logger.error(
        `The audit log ended at link ${this.lastPosition} and now ends at link ${before}: events were lost`,
      );
    }
    this.lastPosition = position;
    this.sealed.set(position);
    if (position > before && performance.now() - this.announcedAt >= ANNOUNCEMENT_INTERVAL_MS) {
      this.announcedAt = performance.now();
      this.logger.log(`The audit log is sealed up to ${position}:${seal}`);
    }
  }

  private async sealAll(): Promise<void> {
    this.hasUnsealed = false;
    let count;
    do {
      count = await this.seal();
    } while (count === BATCH);
    // The other process may not have seen the newest events.
    if (count === null) this.loop.wake();
  }

  private logFailure(error: unknown): void {
    this.failures.inc();
    const reason = error instanceof ChainBroken ? error.message : 'The database failed';
    this.logger.error({ err: error }, `The audit log could not be sealed: ${reason}`);
  }
}
