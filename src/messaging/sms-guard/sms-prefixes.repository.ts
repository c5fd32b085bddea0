import { Injectable } from '@nestjs/common';
import { Not } from 'typeorm';
import { UnitOfWork } from '../../shared/database/unit-of-work.js';
import { ALL_PREFIXES, SmsPrefix } from './sms-prefix.entity.js';

/** Every statement on the table of SMS by prefix. */
@Injectable()
export class SmsPrefixesRepository {
  constructor(private readonly db: UnitOfWork) {}

  find(prefix: string): Promise<SmsPrefix | null> {
    return this.db.findOne(SmsPrefix, { prefix });
  }

  /** In order, without the row of all. */
  list(): Promise<SmsPrefix[]> {
    return this.db.read((manager) =>
      manager.find(SmsPrefix, { where: { prefix: Not(ALL_PREFIXES) }, order: { prefix: 'ASC' } }),
    );
  }

  /** Locked until the unit of work ends. */
  lock(prefix: string): Promise<SmsPrefix | null> {
    return this.db.lockOne(SmsPrefix, { prefix });
  }

  async insert(row: SmsPrefix): Promise<void> {
    await this.db.run((manager) => manager.insert(SmsPrefix, row));
  }

  async save({ prefix, ...columns }: SmsPrefix): Promise<void> {
    await this.db.update(SmsPrefix, { prefix }, columns);
  }
}
