/** Somebody signed in with their password. */
export class SignedIn {
  constructor(
    readonly userId: number,
    readonly sessionId: number,
  ) {}
}
