import { Injectable, Logger } from '@nestjs/common';
import { Settings } from '../../shared/config/settings.js';
import { UnitOfWork } from '../../shared/database/unit-of-work.js';
import { NotFound } from '../../shared/errors/index.js';
import { DomainEvents } from '../../shared/events/domain-events.js';
import { Clock } from '../../shared/lib/clock.js';
import { parsePhoneNumber } from '../../shared/lib/phone-number.js';
import { plainDate } from '../../shared/validation/index.js';
import { SmsBudgetUsedUp, SmsDecided, SmsPauseLifted, SmsPrefixPaused } from './sms-guard.events.js';
import { ALL_PREFIXES, SmsPrefix } from './sms-prefix.entity.js';
import { SmsPrefixesRepository } from './sms-prefixes.repository.js';

const PREFIX = /^[1-9]\d{0,2}$/;

export interface SmsAdmission {
  readonly allowed: boolean;
  /** The SMS's number among those to its prefix, for `codeEntered`; null where SMS are not counted. */
  readonly number: number | null;
}

export interface SmsGuardState {
  /** In UTC. */
  readonly day: string;
  readonly sent: number;
  readonly prefixes: readonly SmsPrefix[];
}

/**
 * Limits what SMS cost: a budget for each day, and pauses for country prefixes whose codes are not entered, which is a
 * sign of SMS pumping (fraud for a share of the fees). All of it is in the database: replicas share it, and it
 * survives a restart.
 */
@Injectable()
export class SmsGuardService {
  private readonly logger = new Logger(SmsGuardService.name);

  constructor(
    private readonly smsPrefixesRepository: SmsPrefixesRepository,
    private readonly events: DomainEvents,
    private readonly db: UnitOfWork,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /**
   * Whether a code may go to this number; if so, it is counted. To be called in the unit of work that queues the
   * message, as late as possible: all other SMS wait until that ends.
   */
  async consume(e164: string): Promise<SmsAdmission> {
    if (!this.settings.rateLimit) return { allowed: true, number: null };
    return this.db.run(async () => {
      const today = plainDate(this.clock.now());
      // Always the row of all prefixes first: in one order, so that two units of work can't wait for each other.
      const all = await this.lock(ALL_PREFIXES, today);
      const own = await this.lock(prefixOf(e164), today);
      const outcome = await this.decide(all, own, today);
      const number = outcome === 'sent' ? own.addCode(this.settings.limits) : null;
      if (outcome === 'sent') for (const row of [all, own]) row.countSent(today);
      for (const row of [all, own]) await this.smsPrefixesRepository.save(row);
      await this.events.publish(new SmsDecided(own.prefix, outcome));
      return { allowed: outcome === 'sent', number };
    });
  }

  /** The code of the SMS with this number was entered: a person received it. */
  async codeEntered(e164: string, number: number): Promise<void> {
    await this.db.run(async () => {
      const own = await this.smsPrefixesRepository.lock(prefixOf(e164));
      if (!own) return;
      own.recordEntered(number);
      await this.smsPrefixesRepository.save(own);
    });
  }

  async state(): Promise<SmsGuardState> {
    const day = plainDate(this.clock.now());
    const all = await this.smsPrefixesRepository.find(ALL_PREFIXES);
    return { day, sent: all?.sentOn(day) ?? 0, prefixes: await this.smsPrefixesRepository.list() };
  }

  /** @throws NotFound where there is no pause */
  async liftPause(prefix: string): Promise<void> {
    await this.db.run(async () => {
      const own = PREFIX.test(prefix) ? await this.smsPrefixesRepository.lock(prefix) : null;
      if (!own?.isPaused(this.clock.now())) throw new NotFound('Pause');
      own.liftPause();
      await this.smsPrefixesRepository.save(own);
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
    if (row.recordOverBudget(today)) {
      await this.events.publish(new SmsBudgetUsedUp(prefix));
      this.db.afterCommit(() => this.logger.warn({ prefix }, "The day's budget of SMS is used up"));
    }
    return 'over_budget';
  }

  private async lock(prefix: string, today: string): Promise<SmsPrefix> {
    const known = await this.smsPrefixesRepository.lock(prefix);
    if (known) return known;
    const row = SmsPrefix.startingOn(prefix, today);
    await this.smsPrefixesRepository.insert(row);
    return row;
  }
}

function prefixOf(e164: string): string {
  const number = parsePhoneNumber(e164);
  if (!number) throw new TypeError('Not a phone number in E.164');
  return number.callingCode;
}
