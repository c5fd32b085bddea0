/** The provider did not accept the message; a retry may help. The reason is for the log: no address, no content. */
export class DeliveryFailed extends Error {
  constructor(readonly reason: string) {
    super(`The message was not accepted: ${reason}`);
  }
}

/** The provider will never accept this message: a retry would not help. */
export class DeliveryRefused extends DeliveryFailed {}

/** What may be logged of a failure. Messages of libraries and providers repeat addresses and texts; codes don't. */
export function failureReason(error: unknown): string {
  if (error instanceof DeliveryFailed) return error.reason;
  if (!(error instanceof Error)) return 'unknown';
  const { code, responseCode, cause } = error as Error & { code?: unknown; responseCode?: unknown };
  const parts = [code, responseCode].filter((part) => typeof part === 'string' || typeof part === 'number');
  if (parts.length > 0) return parts.join(' ');
  return cause instanceof Error ? failureReason(cause) : error.name;
}
