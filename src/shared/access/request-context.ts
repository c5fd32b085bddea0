import { AsyncLocalStorage } from 'node:async_hooks';
import type { Actor } from './actor.js';

const contexts = new AsyncLocalStorage<RequestContext>();

/**
 * Facts about the current request: the actor, the client's address, the request id. The audit log and the limits read
 * them here, so that services need not pass them on. Background work has no such context.
 */
export class RequestContext {
  /** Set by the authentication guard. */
  actor: Actor | null = null;

  constructor(
    readonly requestId: string,
    /** The client's address; that of a proxy only counts where TRUST_PROXY says so. */
    readonly ip: string,
    /** `X-Access-Reason`: why the actor reads another person's record. */
    readonly accessReason: string | null,
  ) {}

  static current(): RequestContext | undefined {
    return contexts.getStore();
  }

  static run(context: RequestContext, next: () => void): void {
    contexts.run(context, next);
  }
}
