import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { DomainEvents } from '../shared/events/domain-events.js';
import { PersonalData } from '../shared/lib/personal-data.js';
import { UserExported } from './user.events.js';

/** Collects one person's data from all modules that keep any. */
@Injectable()
export class PersonalDataExportService {
  constructor(
    private readonly discoveryService: DiscoveryService,
    private readonly events: DomainEvents,
    private readonly db: UnitOfWork,
  ) {}

  /** By section, in alphabetical order. */
  async of(userId: number): Promise<Record<string, unknown>> {
    const found = this.discoveryService.getProviders().map(({ instance }) => instance as unknown);
    const keepers = found.filter((instance) => instance instanceof PersonalData);
    keepers.sort((a, b) => (a.section < b.section ? -1 : 1));
    const data: Record<string, unknown> = {};
    for (const keeper of keepers) data[keeper.section] = await keeper.of(userId);
    await this.db.run(() => this.events.publish(new UserExported(userId)));
    return data;
  }
}
