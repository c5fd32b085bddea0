import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Counter, Gauge } from 'prom-client';
import { isServer } from '../shared/background/background-jobs.js';
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
/** How often to look for what another process left behind. */
const SWEEP_MS = 10 * SECOND;
/** However many events come meanwhile: each failure is an error in the log. */
const PAUSE_AFTER_FAILURE_MS = 10 * SECOND;
const ANNOUNCEMENT_INTERVAL_MS = HOUR;

/**
 * Makes events links of the chain, behind the writers' backs: they need not wait for one another, and the order is
 * settled here, by whichever process holds the head of the chain.
 */
@Injectable()
export class AuditSealer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Audit');
  private readonly sealed: Gauge;
  private readonly failures: Counter;
  private timer: { readonly due: number; readonly handle: NodeJS.Timeout } | null = null;
  private running: Promise<void> = Promise.resolve();
  private pausedUntil = 0;
  private hasNews = false;
  private isStopped = false;
  private seen = 0;
  private announcedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly chain: ChainRepository,
    private readonly seals: AuditSeals,
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
    if (isServer(this.host)) this.plan(SWEEP_MS);
  }

  @AfterCommit(AuditableEvent)
  wake(): void {
    this.hasNews = true;
    this.plan(DELAY_MS);
  }

  /** What this process has written is sealed before it ends. */
  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    if (this.timer) clearTimeout(this.timer.handle);
    await this.running;
    if (this.hasNews) await this.sealAll();
  }

  /**
   * Seals up to 500 events.
   *
   * @returns how many, or null where another process is at it
   * @throws ChainBroken when the head is not as this application left it: sealing on would hide that
   */
  async seal(): Promise<number | null> {
    const place = await this.db.run(async () => {
      const head = await this.chain.lockHead({ wait: false });
      if (!head) {
        if (await this.chain.head()) return null;
        throw new ChainBroken('The head of the audit log is missing');
      }
      if (!this.seals.isGenuine(head))
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
    for (const event of await this.chain.unsealed(BATCH)) {
      place = this.seals.next(place, event);
      links.push({ id: event.id, ...place });
    }
    if (links.length === 0) return place;
    await this.chain.seal(links);
    const next = { ...head, ...place };
    const moved = await this.chain.moveHead(head, { ...next, mac: this.seals.head(next) });
    if (!moved) throw new ChainBroken('The head of the audit log moved while it was held');
    return place;
  }

  /** A head that goes back is one that was put back: its HMAC alone does not tell old from new. */
  private observe(before: number, { position, seal }: Place): void {
    if (before < this.seen) {
      this.logger.error(
        `The audit log ended at link ${this.seen} and now ends at link ${before}: events were lost`,
      );
    }
    this.seen = position;
    this.sealed.set(position);
    if (position > before && performance.now() - this.announcedAt >= ANNOUNCEMENT_INTERVAL_MS) {
      this.announcedAt = performance.now();
      this.logger.log(`The audit log is sealed up to ${position}:${seal}`);
    }
  }

  /** One run at a time; the earliest plan counts. */
  private plan(delay: number): void {
    const now = performance.now();
    const due = Math.max(now + delay, this.pausedUntil);
    if (this.isStopped || (this.timer && this.timer.due <= due)) return;
    if (this.timer) clearTimeout(this.timer.handle);
    const run = (): void => {
      this.timer = null;
      this.running = this.running.then(() => this.sealAll()).then((pause) => this.plan(pause));
    };
    this.timer = { due, handle: setTimeout(run, due - now).unref() };
  }

  /** @returns when to look again, in milliseconds */
  private async sealAll(): Promise<number> {
    try {
      this.hasNews = false;
      for (;;) {
        const count = await this.seal();
        if (count === null) return DELAY_MS;
        if (count < BATCH) return SWEEP_MS;
      }
    } catch (error) {
      this.failures.inc();
      this.pausedUntil = performance.now() + PAUSE_AFTER_FAILURE_MS;
      const reason = error instanceof ChainBroken ? error.message : 'The database failed';
      this.logger.error({ err: error }, `The audit log could not be sealed: ${reason}`);
      return PAUSE_AFTER_FAILURE_MS;
    }
  }
}
