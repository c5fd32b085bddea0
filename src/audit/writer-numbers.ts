import type { AuditEvent } from './audit-event.entity.js';

type Numbered = Pick<AuditEvent, 'id' | 'writer' | 'writerNumber'>;

/** The numbers of one writer that have been seen: a run, and what lies beyond its ends. */
class Seen {
  private first: number;
  private next: number;
  private readonly apart = new Map<number, number>();

  constructor(
    number: number,
    private firstId: number,
  ) {
    this.first = number;
    this.next = number + 1;
  }

  /** @returns false where the number was there before */
  add(number: number, id: number): boolean {
    if ((number >= this.first && number < this.next) || this.apart.has(number)) return false;
    this.apart.set(number, id);
    for (; this.apart.delete(this.next); this.next++);
    for (let before; (before = this.apart.get(this.first - 1)) !== undefined; this.first--) {
      this.apart.delete(this.first - 1);
      this.firstId = before;
    }
    return true;
  }

  /** The id of the event before which one is missing, or undefined. */
  gapBefore(mayBeginLater: boolean): number | undefined {
    const [nearest] = [...this.apart].toSorted(([a], [b]) => a - b);
    if (nearest) return nearest[0] < this.first ? this.firstId : nearest[1];
    return this.first > 1 && !mayBeginLater ? this.firstId : undefined;
  }
}

/** Whether the events of each writer are all there: see `EventWriters`. The order in which they are added is free. */
export class WriterNumbers {
  private readonly writers = new Map<string, Seen>();

  /** @returns false where another event has the same number */
  add({ id, writer, writerNumber }: Numbered): boolean {
    // Written before events had numbers.
    if (writer === null || writerNumber === null) return true;
    const seen = this.writers.get(writer);
    if (seen) return seen.add(writerNumber, id);
    this.writers.set(writer, new Seen(writerNumber, id));
    return true;
  }

  /**
   * The id of the first event before which its writer wrote another that is missing, or undefined.
   *
   * @param mayBeginLater the beginning of the log was removed by retention, and with it the first events of writers
   */
  gapBefore(mayBeginLater: boolean): number | undefined {
    const gaps = [...this.writers.values()].flatMap((seen) => seen.gapBefore(mayBeginLater) ?? []);
    return gaps.length === 0 ? undefined : Math.min(...gaps);
  }
}
