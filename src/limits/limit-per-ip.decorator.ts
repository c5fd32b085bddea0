import { SetMetadata } from '@nestjs/common';
import type { RateName } from '../shared/config/limit-settings.js';

export interface RouteLimit {
  readonly name: RateName;
  /** Administrators act for others, and often from one office: their requests are limited per token only. */
  readonly exceptAdmins: boolean;
}

/** The metadata key under which the guard finds the limit of a route. */
export const ROUTE_LIMIT = 'limits:route';

/** Limits a route by client address. Every request counts, whether or not it succeeds. */
export const LimitPerIp = (
  name: RateName,
  { exceptAdmins }: Pick<RouteLimit, 'exceptAdmins'> = { exceptAdmins: false },
): MethodDecorator => SetMetadata(ROUTE_LIMIT, { name, exceptAdmins } satisfies RouteLimit);
