import { AsyncLocalStorage } from 'node:async_hooks';
import type { Actor } from './actor.js';

const contexts = new AsyncLocalStorage<RequestContext>();

/**
 * What the current request brings along: who asks, from where, under which id. Subscribers that record what happened
 * (the audit log) read it here, so that services need not hand it through. There is none in background work.
 */
export class RequestContext {
  /** Set by the authentication guard. */
  actor: Actor | null = null;

  constructor(
    readonly requestId: string,
    /** The client's address; that of a proxy only counts where TRUST_PROXY says so. */
    readonly ip: string,
    /** `X-Access-Reason`: why somebody reads another person's record. */
    readonly accessReason: string | null,
  ) {}

  static current(): RequestContext | undefined {
    return contexts.getStore();
  }

  static run(context: RequestContext, next: () => void): void {
    contexts.run(context, next);
  }
}
