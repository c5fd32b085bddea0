import { Injectable, Logger } from '@nestjs/common';
import { Settings } from '../../shared/config/settings.js';
import { UnitOfWork } from '../../shared/database/unit-of-work.js';
import { NotFound } from '../../shared/errors/index.js';
import { DomainEvents } from '../../shared/events/domain-events.js';
import { Clock } from '../../shared/lib/clock.js';
import { parsePhoneNumber, plainDate } from '../../shared/validation/index.js';
import { SmsBudgetUsedUp, SmsDecided, SmsPauseLifted, SmsPrefixPaused } from './sms-guard.events.js';
import { ALL_PREFIXES, SmsPrefix } from './sms-prefix.entity.js';
import { SmsPrefixesRepository } from './sms-prefixes.repository.js';

const PREFIX = /^[1-9]\d{0,2}$/;

export interface SmsAdmission {
  readonly allowed: boolean;
  /** The SMS's number among those to its prefix, to be named when its code is entered; null where none counts. */
  readonly number: number | null;
}

export interface SmsGuardState {
  /** In UTC. */
  readonly day: string;
  readonly sent: number;
  readonly prefixes: readonly SmsPrefix[];
}

/**
 * Keeps SMS from costing a fortune: a budget for each day, and pauses for country prefixes whose codes nobody enters,
 * which is what SMS pumping looks like from here. All of it is in the database, where replicas share it and no restart
 * forgets it.
 */
@Injectable()
export class SmsGuard {
  private readonly logger = new Logger(SmsGuard.name);

  constructor(
    private readonly prefixes: SmsPrefixesRepository,
    private readonly events: DomainEvents,
    private readonly db: UnitOfWork,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /**
   * Whether a code may go to this number; if so, it is counted. To be called in the unit of work that queues the
   * message, as late as can be: until that ends, others who send SMS wait.
   */
  async consume(e164: string): Promise<SmsAdmission> {
    if (!this.settings.rateLimit) return { allowed: true, number: null };
    return this.db.run(async () => {
      const today = plainDate(this.clock.now());
      // The row of all comes first, always, so that nobody waits for somebody who waits for them.
      const all = await this.lock(ALL_PREFIXES, today);
      const own = await this.lock(prefixOf(e164), today);
      const outcome = await this.decide(all, own, today);
      const number = outcome === 'sent' ? own.addCode(this.settings.limits) : null;
      if (outcome === 'sent') for (const row of [all, own]) row.countSent(today);
      for (const row of [all, own]) await this.prefixes.save(row);
      await this.events.publish(new SmsDecided(own.prefix, outcome));
      return { allowed: outcome === 'sent', number };
    });
  }

  /** The code of the SMS with this number was entered: there is a person at the other end. */
  async codeEntered(e164: string, number: number): Promise<void> {
    await this.db.run(async () => {
      const own = await this.prefixes.lock(prefixOf(e164));
      if (!own) return;
      own.noteEntered(number);
      await this.prefixes.save(own);
    });
  }

  async state(): Promise<SmsGuardState> {
    const day = plainDate(this.clock.now());
    const all = await this.prefixes.find(ALL_PREFIXES);
    return { day, sent: all?.sentOn(day) ?? 0, prefixes: await this.prefixes.list() };
  }

  /** @throws NotFound where there is no pause */
  async liftPause(prefix: string): Promise<void> {
    await this.db.run(async () => {
      const own = PREFIX.test(prefix) ? await this.prefixes.lock(prefix) : null;
      if (!own?.isPaused(this.clock.now())) throw new NotFound('Pause');
      own.liftPause();
      await this.prefixes.save(own);
      await this.events.publish(new SmsPauseLifted(prefix));
    });
  }

  private async decide(all: SmsPrefix, own: SmsPrefix, today: string): Promise<SmsDecided['outcome']> {
    const now = this.clock.now();
    const { limits, sms } = this.settings;
    if (own.isPaused(now)) return 'paused';
    if (own.looksAbused(limits)) {
      const until = own.pause(now, limits);
      await this.events.publish(new SmsPrefixPaused(own.prefix, until));
      this.db.afterCommit(() =>
        this.logger.warn(
          { prefix: own.prefix, until },
          'No SMS to this country prefix: codes are not entered',
        ),
      );
      return 'paused';
    }
    if (all.sentOn(today) >= sms.dailyBudget) return this.overBudget(all, null, today);
    if (own.sentOn(today) >= sms.dailyBudgetPerPrefix) return this.overBudget(own, own.prefix, today);
    return 'sent';
  }

  private async overBudget(row: SmsPrefix, prefix: string | null, today: string): Promise<'over_budget'> {
    if (row.noteOverBudget(today)) {
      await this.events.publish(new SmsBudgetUsedUp(prefix));
      this.db.afterCommit(() => this.logger.warn({ prefix }, "The day's budget of SMS is used up"));
    }
    return 'over_budget';
  }

  private async lock(prefix: string, today: string): Promise<SmsPrefix> {
    const known = await this.prefixes.lock(prefix);
    if (known) return known;
    const row = SmsPrefix.startingOn(prefix, today);
    await this.prefixes.insert(row);
    return row;
  }
}

function prefixOf(e164: string): string {
  const number = parsePhoneNumber(e164);
  if (!number) throw new TypeError('Not a phone number in E.164');
  return number.callingCode;
}
