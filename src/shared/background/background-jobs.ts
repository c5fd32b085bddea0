import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

export interface BackgroundJob {
  /** For the log. */
  readonly name: string;
  /** Milliseconds between the end of one run and the start of the next, give or take a half. */
  readonly interval: number;
  /** Does what is due. Returns soon once the signal is aborted: the application is about to end. */
  readonly run: (stopping: AbortSignal) => Promise<void>;
}

/**
 * Work that nobody waits for, at irregular intervals, so that replicas that started together don't work in step. It
 * runs in servers only, not in the command line. A job that fails is logged and has its next turn like any other.
 */
@Injectable()
export class BackgroundJobs
  implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  private readonly logger = new Logger(BackgroundJobs.name);
  private readonly jobs: BackgroundJob[] = [];
  private readonly stopping = new AbortController();
  private running: Promise<unknown> = Promise.resolve();

  constructor(private readonly host: HttpAdapterHost) {
    // Every job listens.
    setMaxListeners(0, this.stopping.signal);
  }

  /** Modules add theirs while they start (`onModuleInit`). */
  add(job: BackgroundJob): void {
    this.jobs.push(job);
  }

  /** One run of every job, at once. */
  async runAll(): Promise<void> {
    for (const job of this.jobs) await job.run(this.stopping.signal);
  }

  onApplicationBootstrap(): void {
    if (!isServer(this.host)) return;
    this.running = Promise.all(this.jobs.map((job) => this.repeat(job)));
  }

  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.running;
  }

  private async repeat(job: BackgroundJob): Promise<void> {
    const { signal } = this.stopping;
    for (;;) {
      await delay(job.interval * (0.5 + Math.random()), undefined, { signal, ref: false }).catch(
        () => undefined,
      );
      if (signal.aborted) return;
      try {
        await job.run(signal);
      } catch (error) {
        this.logger.error({ err: error, job: job.name }, 'A background job failed');
      }
    }
  }
}

/** Whether this process serves requests. The command line builds the same application without a server. */
export function isServer(host: HttpAdapterHost): boolean {
  // oxlint-disable-next-line typescript/no-unnecessary-condition -- there is none in an application context
  return Boolean(host.httpAdapter);
}
