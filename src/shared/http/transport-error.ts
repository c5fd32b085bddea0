/**
 * A request that is refused before a route sees it: it can't be read, or asks the server itself for what it does not do.
 * The message is told to the client.
 */
export class TransportError extends Error {
  constructor(
    readonly statusCode: number,
    message: string,
  ) {
    super(message);
  }
}
