import { AuditableEvent } from '../../shared/events/auditable-event.js';

/** So few codes of a country prefix were entered that none is sent there for a while. */
export class SmsPrefixPaused extends AuditableEvent {
  readonly auditAction = 'sms_guard.paused';
  readonly userId = null;

  constructor(
    readonly prefix: string,
    readonly until: Date,
  ) {
    super();
  }
}

/** An administrator ended a pause. */
export class SmsPauseLifted extends AuditableEvent {
  readonly auditAction = 'sms_guard.pause_lifted';
  readonly userId = null;

  constructor(readonly prefix: string) {
    super();
  }
}

/** For the first time on a day, an SMS was not sent because the budget is used up. */
export class SmsBudgetUsedUp extends AuditableEvent {
  readonly auditAction = 'sms_guard.budget_used_up';
  readonly userId = null;

  /** @param prefix null where it is the budget of all */
  constructor(readonly prefix: string | null) {
    super();
  }
}

/** What became of one SMS with a code. */
export class SmsDecided {
  constructor(
    readonly prefix: string,
    readonly outcome: 'sent' | 'paused' | 'over_budget',
  ) {}
}
