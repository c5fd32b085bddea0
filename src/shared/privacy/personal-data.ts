import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { UnitOfWork } from '../database/unit-of-work.js';
import { AuditableEvent } from '../events/auditable-event.js';
import { DomainEvents } from '../events/domain-events.js';

/**
 * What a module keeps about a person, for the export that people have a right to (GDPR, articles 15 and 20). Any
 * provider that extends this class is found; a module that keeps personal data should have one.
 */
export abstract class PersonalData {
  /** The section of the export, in camelCase: `sessions`. */
  abstract readonly section: string;

  /** Everything about this person, nothing about another, and no secret (no digest, code or token). */
  abstract of(userId: number): Promise<unknown>;
}

/** One person's data was handed out. */
export class UserExported extends AuditableEvent {
  readonly auditAction = 'user.exported';

  constructor(readonly userId: number) {
    super();
  }
}

/** Puts one person's data together, from all modules that keep any. */
@Injectable()
export class PersonalDataExport {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly events: DomainEvents,
    private readonly db: UnitOfWork,
  ) {}

  /** By section, in alphabetical order. */
  async of(userId: number): Promise<Record<string, unknown>> {
    const found = this.discovery.getProviders().map(({ instance }) => instance as unknown);
    const keepers = found.filter((instance) => instance instanceof PersonalData);
    keepers.sort((a, b) => (a.section < b.section ? -1 : 1));
    const data: Record<string, unknown> = {};
    for (const keeper of keepers) data[keeper.section] = await keeper.of(userId);
    await this.db.run(() => this.events.publish(new UserExported(userId)));
    return data;
  }
}
