import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import { Settings } from '../../shared/config/settings.js';
import { Unavailable } from '../../shared/errors/index.js';
import type { CompareTask, HashTask } from './bcrypt.worker.js';
import { PasswordHasher } from './password-hasher.js';

/** bcrypt reads no more of a password. */
export const MAX_PASSWORD_BYTES = 72;
/** Passwords waiting for a thread. More are refused with 503: their clients would time out before an answer. */
const MAX_QUEUE = 256;

/** bcrypt in worker threads, as many as there are cores, so that no other request waits for a hash. */
@Injectable()
export class BcryptPasswordHasher extends PasswordHasher implements OnApplicationShutdown {
  private readonly pool = new Piscina<HashTask | CompareTask, string | boolean>({
    filename: new URL('./bcrypt.worker.js', import.meta.url).href,
    minThreads: 1,
    maxThreads: availableParallelism(),
    maxQueue: MAX_QUEUE,
    idleTimeout: 60_000,
  });
  /** The digest that unknown addresses are compared with: made once, with the same cost as real ones. */
  private dummy: Promise<string> | undefined;

  constructor(private readonly settings: Settings) {
    super();
  }

  override async hash(password: string): Promise<string> {
    return (await this.work('hash', { password, cost: this.settings.bcryptCost })) as string;
  }

  override async matches(password: string, digest: string | null): Promise<boolean> {
    this.dummy ??= this.hash(randomBytes(16).toString('base64url'));
    const readable = Buffer.byteLength(password) <= MAX_PASSWORD_BYTES && !password.includes('\0');
    const real = readable ? digest : null;
    const same = await this.work('compare', { password, digest: real ?? (await this.dummy) });
    return real !== null && same === true;
  }

  override isOutdated(digest: string): boolean {
    return !digest.startsWith(`$2b$${String(this.settings.bcryptCost).padStart(2, '0')}$`);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.close();
  }

  private async work(name: 'hash' | 'compare', task: HashTask | CompareTask): Promise<string | boolean> {
    if (this.pool.queueSize >= MAX_QUEUE) throw new Unavailable();
    return this.pool.run(task, { name });
  }
}
