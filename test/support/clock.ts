/** The application's clock in the hands of a test. It stands still until it is moved, unless it is `running`. */
export class TestClock {
  private moment: number;

  constructor(
    start: string | Date = '2026-03-04T05:06:07.089Z',
    private readonly startedAt?: number,
  ) {
    this.moment = new Date(start).getTime();
  }

  /** Goes like the system's from where it is set: for what waits in real time, such as the delivery of messages. */
  static running(start: string | Date = new Date()): TestClock {
    return new TestClock(start, performance.now());
  }

  now(): Date {
    const passed = this.startedAt === undefined ? 0 : performance.now() - this.startedAt;
    return new Date(Math.floor(this.moment + passed));
  }

  /** So long from now, as the API writes it. */
  later(milliseconds: number): string {
    return new Date(this.now().getTime() + milliseconds).toISOString();
  }

  set(moment: string | Date): void {
    this.forward(new Date(moment).getTime() - this.now().getTime());
  }

  forward(milliseconds: number): void {
    this.moment += milliseconds;
  }
}
