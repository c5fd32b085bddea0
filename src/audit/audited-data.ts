import { Injectable } from '@nestjs/common';
import { MAX_PAGE_SIZE, PageWindow } from '../shared/http/paging.dto.js';
import { PersonalData } from '../shared/lib/personal-data.js';
import { AuditRepository } from './audit.repository.js';
import { AccessReportEntryResource } from './audit.resource.js';

/** What the log says about a person. Of an event about several people it leaves out the others. */
@Injectable()
export class AuditedData extends PersonalData {
  readonly section = 'auditEvents';

  constructor(private readonly auditRepository: AuditRepository) {
    super();
  }

  override async of(userId: number): Promise<AccessReportEntryResource[]> {
    const all: AccessReportEntryResource[] = [];
    for (let page = 1; ; page++) {
      const events = await this.auditRepository.page(
        { userId },
        new PageWindow({ page, pageSize: MAX_PAGE_SIZE }),
      );
      all.push(...events.map((event) => AccessReportEntryResource.of(event)));
      if (events.length < MAX_PAGE_SIZE) return all;
    }
  }
}
