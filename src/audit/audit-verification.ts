import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import type { ChainHead } from './audit-event.entity.js';
import { AuditSeals, type Place } from './audit-seals.js';
import { ChainBroken } from './chain-broken.js';
import { ChainRepository } from './chain.repository.js';
import { WriterNumbers } from './writer-numbers.js';

const BATCH = 500;
const COPIED = 'it is a copy of another event';

/** What was found of a log that is as it was written. */
export interface Verified {
  /** The newest link: to be noted elsewhere, as `<position>:<seal>`. */
  readonly head: Place;
  /** Links that were checked; older ones have been removed by retention. */
  readonly links: number;
  /** Events that wait to be sealed; each of them is as it was written. */
  readonly unsealed: number;
}

/** Checks the audit log from end to end. */
@Injectable()
export class AuditVerification {
  constructor(
    private readonly chain: ChainRepository,
    private readonly seals: AuditSeals,
    private readonly db: UnitOfWork,
  ) {}

  /**
   * @param noted a place that was noted earlier and must still be there: it finds a log that was put back whole
   * @throws ChainBroken naming the first link that is not as it was written
   */
  verify(noted: Place | null = null): Promise<Verified> {
    // In one transaction, which sees the log as it is at its beginning, whatever is written meanwhile.
    return this.db.run(async () => {
      const head = await this.chain.head();
      if (!head) throw new ChainBroken('The head of the chain is missing');
      await this.refuseIntruders(head);
      const numbers = new WriterNumbers();
      const links = await this.walk(head, noted, numbers);
      if (!this.seals.isGenuine(head))
        throw new ChainBroken('The head of the chain was altered, or written under another secret');
      const unsealed = await this.checkUnsealed(numbers);
      const gap = numbers.gapBefore(head.removedPosition > 0);
      if (gap !== undefined)
        throw new ChainBroken(`Before event ${gap}, an event of the same writer was removed unsealed`);
      return { head: { position: head.position, seal: head.seal }, links, unsealed };
    });
  }

  /** @returns the number of links */
  private async walk(head: ChainHead, noted: Place | null, numbers: WriterNumbers): Promise<number> {
    let place: Place = { position: head.removedPosition, seal: head.removedSeal };
    if (noted && noted.position < place.position)
      throw new ChainBroken(`Link ${noted.position}, which was noted, has been removed by retention`);
    this.compare(place, noted);
    let events;
    do {
      events = await this.chain.linksAfter(place.position, BATCH);
      for (const event of events) {
        const problem = this.seals.problemOf(event, place);
        if (problem)
          throw broken(place.position + 1, problem, event.position === place.position + 1 ? event.id : null);
        place = this.seals.next(place, event);
        this.compare(place, noted);
        if (!numbers.add(event)) throw broken(place.position, COPIED, event.id);
      }
    } while (events.length === BATCH);
    if (place.position < head.position) throw broken(place.position + 1, 'it is missing');
    if (place.position > head.position || place.seal !== head.seal)
      throw broken(head.position, 'the head of the chain was altered or put back');
    if (noted && noted.position > place.position)
      throw broken(place.position + 1, `it is missing: link ${noted.position} was noted`);
    return place.position - head.removedPosition;
  }

  private compare(place: Place, noted: Place | null): void {
    if (noted?.position === place.position && noted.seal !== place.seal)
      throw broken(place.position, 'it is not the one that was noted');
  }

  /** What stands before the beginning of the chain, or beside a link, would not be seen by walking it. */
  private async refuseIntruders({ removedPosition }: ChainHead): Promise<void> {
    const event = await this.chain.intruder(removedPosition);
    if (event) throw broken(event.position ?? 0, 'this place has been removed by retention', event.id);
    const contested = await this.chain.contested();
    if (contested !== null) throw broken(contested, 'more than one event claims this place');
  }

  private async checkUnsealed(numbers: WriterNumbers): Promise<number> {
    let count = 0;
    let found;
    let lastId = 0;
    do {
      found = await this.chain.unsealed(BATCH, lastId);
      for (const event of await this.chain.load(found.map(({ id }) => id))) {
        if (event.digest !== this.seals.digest(event))
          throw new ChainBroken(`Event ${event.id}, not sealed yet: it was altered or forged`);
        if (!numbers.add(event)) throw new ChainBroken(`Event ${event.id}, not sealed yet: ${COPIED}`);
      }
      count += found.length;
      lastId = found.at(-1)?.id ?? 0;
    } while (found.length === BATCH);
    return count;
  }
}

function broken(position: number, problem: string, eventId: number | null = null): ChainBroken {
  return new ChainBroken(`Link ${position}${eventId === null ? '' : ` (event ${eventId})`}: ${problem}`);
}
