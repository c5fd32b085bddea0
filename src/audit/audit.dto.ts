import { MAX_ID } from '../shared/lib/ids.js';
import { PageQuery } from '../shared/http/paging.dto.js';
import { IsInteger, IsQueryMoment, IsText } from '../shared/validation/index.js';

export class ListAuditEventsQuery extends PageQuery {
  /**
   * Events about this account, alone or in a list; a deleted one, too.
   * @example 123
   */
  @IsInteger({ min: 1, max: MAX_ID, optional: true })
  userId?: number;

  /**
   * What this user did or read.
   * @example 7
   */
  @IsInteger({ min: 1, max: MAX_ID, optional: true })
  actorId?: number;

  /** @example "user.read" */
  @IsText({ max: 64, optional: true })
  action?: string;

  /**
   * The earliest moment: a day alone from its beginning (UTC).
   * @example "2026-11-01T00:00:00Z"
   */
  @IsQueryMoment('first')
  from?: Date;

  /**
   * The latest moment, included: a day alone to its end (UTC), a time without a fraction to the end of its second.
   * @example "2026-11-30T23:59:59.999Z"
   */
  @IsQueryMoment('last')
  to?: Date;
}
