/** Hashes and compares passwords. A team may replace it by another algorithm. */
export abstract class PasswordHasher {
  /** The digest to store. The password must be in NFKC. */
  abstract hash(password: string): Promise<string>;

  /**
   * Whether the password matches the digest. Without a digest (no account has the address) the answer is no, after the
   * same time as any other.
   */
  abstract matches(password: string, digest: string | null): Promise<boolean>;

  /** Whether the digest was made with other settings than the present ones. */
  abstract isOutdated(digest: string): boolean;
}
