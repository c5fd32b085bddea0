/** How passwords are kept. A team may put another algorithm in its place. */
export abstract class PasswordHasher {
  /** The digest to store. The password is in NFKC already. */
  abstract hash(password: string): Promise<string>;

  /**
   * Whether the password belongs to the digest. Without a digest (nobody has this address) the answer is no, and takes
   * as long as any other.
   */
  abstract matches(password: string, digest: string | null): Promise<boolean>;

  /** Whether the digest was made with weaker or other settings than today's. */
  abstract isOutdated(digest: string): boolean;
}
