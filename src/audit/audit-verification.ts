import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import type { ChainHead } from './audit-event.entity.js';
import { AuditSeals, ChainBroken, type ChainLink } from './audit-seals.js';
import { ChainRepository } from './chain.repository.js';
import { WriterNumbers } from './writer-numbers.js';

const BATCH = 500;
const COPIED = 'it is a copy of another event';

/** What was found in a log that is as it was written. */
export interface Verified {
  /** The newest link: to be kept outside the database, as `<position>:<seal>`. */
  readonly head: ChainLink;
  /** How many links were checked; older ones have been removed by retention. */
  readonly links: number;
  /** How many events wait to be sealed; each of them is as it was written. */
  readonly unsealed: number;
}

/** Checks the audit log from end to end. */
@Injectable()
export class AuditVerification {
  constructor(
    private readonly chainRepository: ChainRepository,
    private readonly auditSeals: AuditSeals,
    private readonly db: UnitOfWork,
  ) {}

  /**
   * @param expected a link that an earlier verification returned and that must still be there: this finds a log that was
   *   restored as a whole (`--noted` of the command line)
   * @throws ChainBroken naming the first link that is not as it was written
   */
  verify(expected: ChainLink | null = null): Promise<Verified> {
    // In one transaction, which sees the log as it was at the transaction's beginning, without what is written meanwhile.
    return this.db.run(async () => {
      const head = await this.chainRepository.findHead();
      if (!head) throw new ChainBroken('The head of the chain is missing');
      await this.checkPositions(head);
      const numbers = new WriterNumbers();
      const links = await this.checkLinks(head, expected, numbers);
      if (!this.auditSeals.isGenuine(head))
        throw new ChainBroken('The head of the chain was altered, or written under another secret');
      const unsealed = await this.checkUnsealed(numbers);
      const gap = numbers.gapBefore(head.removedPosition > 0);
      if (gap !== undefined)
        throw new ChainBroken(`Before event ${gap}, an event of the same writer was removed unsealed`);
      return { head: { position: head.position, seal: head.seal }, links, unsealed };
    });
  }

  /** @returns the number of links */
  private async checkLinks(
    head: ChainHead,
    expected: ChainLink | null,
    numbers: WriterNumbers,
  ): Promise<number> {
    let last: ChainLink = { position: head.removedPosition, seal: head.removedSeal };
    if (expected && expected.position < last.position)
      throw new ChainBroken(`Link ${expected.position}, which was noted, has been removed by retention`);
    this.compare(last, expected);
    let events;
    do {
      events = await this.chainRepository.findLinksAfter(last.position, BATCH);
      for (const event of events) {
        const problem = this.auditSeals.problemOf(event, last);
        if (problem)
          throw broken(last.position + 1, problem, event.position === last.position + 1 ? event.id : null);
        last = this.auditSeals.next(last, event);
        this.compare(last, expected);
        if (!numbers.add(event)) throw broken(last.position, COPIED, event.id);
      }
    } while (events.length === BATCH);
    if (last.position < head.position) throw broken(last.position + 1, 'it is missing');
    if (last.position > head.position || last.seal !== head.seal)
      throw broken(head.position, 'the head of the chain was altered or put back');
    if (expected && expected.position > last.position)
      throw broken(last.position + 1, `it is missing: link ${expected.position} was noted`);
    return last.position - head.removedPosition;
  }

  private compare(link: ChainLink, expected: ChainLink | null): void {
    if (expected?.position === link.position && expected.seal !== link.seal)
      throw broken(link.position, 'it is not the one that was noted');
  }

  /** Checking link by link would miss an event before the first link, and one with the position of another. */
  private async checkPositions({ removedPosition }: ChainHead): Promise<void> {
    const event = await this.chainRepository.findBeforeChain(removedPosition);
    if (event) throw broken(event.position ?? 0, 'this place has been removed by retention', event.id);
    const duplicate = await this.chainRepository.findDuplicatePosition();
    if (duplicate !== null) throw broken(duplicate, 'more than one event claims this place');
  }

  private async checkUnsealed(numbers: WriterNumbers): Promise<number> {
    let count = 0;
    let found;
    let lastId = 0;
    do {
      found = await this.chainRepository.findUnsealed(BATCH, lastId);
      for (const event of await this.chainRepository.findByIds(found.map(({ id }) => id))) {
        if (event.digest !== this.auditSeals.digest(event))
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
