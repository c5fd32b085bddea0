import { SetMetadata } from '@nestjs/common';
import type { RateName } from '../shared/config/limit-settings.js';

export interface RouteLimit {
  readonly name: RateName;
  /** Administrators act for others and from one office: what they may do here is limited per token alone. */
  readonly exceptAdmins: boolean;
}

/** Where the guard finds the limit of a route. */
export const ROUTE_LIMIT = 'limits:route';

/** The route may be called so often by one client address. Every call counts, whatever comes of it. */
export const LimitPerIp = (
  name: RateName,
  { exceptAdmins }: Pick<RouteLimit, 'exceptAdmins'> = { exceptAdmins: false },
): MethodDecorator => SetMetadata(ROUTE_LIMIT, { name, exceptAdmins } satisfies RouteLimit);
