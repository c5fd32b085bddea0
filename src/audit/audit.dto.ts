import { MAX_ID } from '../shared/lib/ids.js';
import { PageQuery } from '../shared/http/paging.dto.js';
import { Integer, QueryMoment, Text } from '../shared/validation/index.js';

export class ListAuditEventsQuery extends PageQuery {
  /**
   * Events about this account, alone or in a list; a deleted one, too.
   * @example 123
   */
  @Integer({ min: 1, max: MAX_ID, optional: true })
  userId?: number;

  /**
   * What this user did or read.
   * @example 7
   */
  @Integer({ min: 1, max: MAX_ID, optional: true })
  actorId?: number;

  /** @example "user.read" */
  @Text({ max: 64, optional: true })
  action?: string;

  /**
   * The earliest moment.
   * @example "2026-11-01T00:00:00Z"
   */
  @QueryMoment()
  from?: Date;

  /**
   * The latest moment.
   * @example "2026-11-30T23:59:59.999Z"
   */
  @QueryMoment()
  to?: Date;
}
