import { AuditableEvent } from '../../shared/events/auditable-event.js';

/** So few codes of a country prefix were entered that SMS to it are paused. */
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

/** For the first time on a day, an SMS was withheld because the budget is used up. */
export class SmsBudgetUsedUp extends AuditableEvent {
  readonly auditAction = 'sms_guard.budget_used_up';
  readonly userId = null;

  /** @param prefix null where it is the budget of all */
  constructor(readonly prefix: string | null) {
    super();
  }
}

/** Whether one SMS with a code was sent or withheld. */
export class SmsDecided {
  constructor(
    readonly prefix: string,
    readonly outcome: 'sent' | 'paused' | 'over_budget',
  ) {}
}
