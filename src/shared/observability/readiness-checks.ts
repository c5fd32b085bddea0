import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../database/unit-of-work.js';
import { SECOND } from '../lib/duration.js';

type Check = () => Promise<unknown>;

const TIMEOUT_MS = 3 * SECOND;

/** What must answer before the process takes requests. Modules add the services that they depend on. */
@Injectable()
export class ReadinessChecks {
  private readonly checks: Check[];
  private isStopping = false;

  constructor(db: UnitOfWork) {
    this.checks = [() => db.read((manager) => manager.query('SELECT 1'))];
  }

  add(check: Check): void {
    this.checks.push(check);
  }

  /** From now on the answer is no: the process is about to end. */
  stop(): void {
    this.isStopping = true;
  }

  /** @throws when one of them fails or takes longer than three seconds */
  async run(): Promise<void> {
    if (this.isStopping) throw new Error('The server is stopping');
    const late = new Promise((_, reject) => {
      setTimeout(() => reject(new Error('A readiness check took too long')), TIMEOUT_MS).unref();
    });
    await Promise.race([Promise.all(this.checks.map((check) => check())), late]);
  }
}
