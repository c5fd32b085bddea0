export interface BackgroundLoopOptions {
  /** Milliseconds between the end of one run and the start of the next. */
  readonly interval: number;
  /**
   * The part of the interval by which it is made longer or shorter at random, so that replicas that started together
   * don't work in step.
   */
  readonly jitter?: number;
  /** Milliseconds from a wake-up to the run: long enough that a burst of them is served together. At once by default. */
  readonly wakeDelay?: number;
  /** Milliseconds after a failure in which wake-ups wait, too. */
  readonly pauseAfterFailure?: number;
  /** Does what is due. Returns soon once the signal is aborted: the application is about to end. */
  readonly run: (stopping: AbortSignal) => Promise<unknown>;
  /** A run has thrown; the loop goes on. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Runs the same work again and again, one run at a time: at intervals, and sooner when it is woken. It keeps no process
 * alive.
 */
export class BackgroundLoop {
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  /** When the next run is to start, by `performance.now()`. */
  private nextRun = Number.POSITIVE_INFINITY;
  private earliestRun = 0;
  private isRunning = false;
  private lastRun: Promise<void> = Promise.resolve();

  constructor(private readonly options: BackgroundLoopOptions) {}

  /** The first run comes after an interval, or when the loop is woken. */
  start(): void {
    this.runIn(this.randomInterval());
  }

  /** There is something to do. Returns at once; a wake-up during a run leads to another run after it. */
  wake(delay = this.options.wakeDelay ?? 0): void {
    this.runIn(delay);
  }

  /** One run, now. Resolves when it is over, even if it failed. */
  async runNow(): Promise<void> {
    try {
      await this.options.run(this.stopping.signal);
    } catch (error) {
      // Wake-ups that came meanwhile would only repeat the failure.
      this.nextRun = Number.POSITIVE_INFINITY;
      this.earliestRun = performance.now() + (this.options.pauseAfterFailure ?? 0);
      this.options.onFailure(error);
    }
  }

  /** Starts no more runs, and resolves when the one that is under way is over. */
  async stop(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.lastRun;
  }

  private runIn(delay: number): void {
    const moment = Math.max(performance.now() + delay, this.earliestRun);
    if (moment >= this.nextRun) return;
    this.nextRun = moment;
    this.setTimer();
  }

  private setTimer(): void {
    clearTimeout(this.timer);
    if (this.isRunning || this.stopping.signal.aborted) return;
    const delay = Math.max(this.nextRun - performance.now(), 0);
    this.timer = setTimeout(() => {
      this.lastRun = this.turn();
    }, delay).unref();
  }

  private async turn(): Promise<void> {
    this.nextRun = Number.POSITIVE_INFINITY;
    this.isRunning = true;
    await this.runNow();
    this.isRunning = false;
    this.runIn(this.randomInterval());
    this.setTimer();
  }

  private randomInterval(): number {
    const { interval, jitter = 0 } = this.options;
    return interval * (1 - jitter + 2 * jitter * Math.random());
  }
}
