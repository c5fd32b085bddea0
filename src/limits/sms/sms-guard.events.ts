/** So few codes of a country prefix were entered that none is sent there for a while. */
export class SmsPrefixPaused {
  constructor(
    readonly prefix: string,
    readonly until: Date,
  ) {}
}

/** An administrator ended a pause. */
export class SmsPauseLifted {
  constructor(readonly prefix: string) {}
}

/** For the first time on a day, an SMS was not sent because the budget is used up. */
export class SmsBudgetUsedUp {
  /** @param prefix null where it is the budget of all */
  constructor(readonly prefix: string | null) {}
}

/** What became of one SMS with a code. */
export class SmsDecided {
  constructor(
    readonly prefix: string,
    readonly outcome: 'sent' | 'paused' | 'over_budget',
  ) {}
}
