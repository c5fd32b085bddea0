import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { DiscoveryService, HttpAdapterHost, MetadataScanner } from '@nestjs/core';
import { addMethodMetadata, decoratedMethods } from '../lib/decorated-methods.js';
import { BackgroundLoop } from './background-loop.js';

interface Job {
  /** For the log. */
  readonly name: string;
  /** Milliseconds. */
  readonly interval: number;
  readonly run: (stopping: AbortSignal) => Promise<void>;
}

/** Half of the interval, more or less. */
const JITTER = 0.5;
const JOB = Symbol('background job');

/**
 * Runs the method in the background, in every server but not in the command line: `interval` milliseconds, give or
 * take a half, after its last run. It gets an `AbortSignal` and returns soon once that is aborted, because the
 * application is about to end. A run that fails is logged, and the next one comes as if it had not.
 */
export const BackgroundJob = ({ interval }: { interval: number }): MethodDecorator =>
  addMethodMetadata(JOB, { interval });

/** Runs the methods that carry `@BackgroundJob`. */
@Injectable()
export class BackgroundJobs
  implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  private readonly logger = new Logger(BackgroundJobs.name);
  private readonly jobs: Job[] = [];
  private loops: BackgroundLoop[] = [];

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onModuleInit(): void {
    const methods = decoratedMethods<{ interval: number }>(JOB, this.discovery, this.scanner);
    for (const { metadata, name, call } of methods) {
      this.add({
        name,
        interval: metadata.interval,
        run: async (stopping) => {
          await call(stopping);
        },
      });
    }
  }

  /** For jobs that no method stands for; to be added in `onModuleInit`. */
  add(job: Job): void {
    this.jobs.push(job);
  }

  /** One run of every job, at once. */
  async runAll(): Promise<void> {
    const { signal } = new AbortController();
    for (const job of this.jobs) await job.run(signal);
  }

  onApplicationBootstrap(): void {
    if (!isServer(this.host)) return;
    this.loops = this.jobs.map((job) => this.loopOf(job));
    for (const loop of this.loops) loop.start();
  }

  beforeApplicationShutdown(): void {
    for (const loop of this.loops) void loop.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }

  private loopOf({ name, interval, run }: Job): BackgroundLoop {
    return new BackgroundLoop({
      interval,
      jitter: JITTER,
      run,
      onFailure: (error) => this.logger.error({ err: error, job: name }, 'A background job failed'),
    });
  }
}

/** Whether this process serves requests. The command line builds the same application without a server. */
export function isServer(host: HttpAdapterHost): boolean {
  // oxlint-disable-next-line typescript/no-unnecessary-condition -- there is none in an application context
  return Boolean(host.httpAdapter);
}
