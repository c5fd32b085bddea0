import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, MigrationColumns, ownedByUser } from '../shared/database/migration-columns.js';

/**
 * An account may have a code for each destination that one was sent to. Codes live ten minutes: those of the moment of
 * the upgrade are asked for once more.
 */
export class CodesByDestination1764100300000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const column = new MigrationColumns(queryRunner);
    await queryRunner.dropTable('confirmation_codes');
    await createTable(queryRunner, {
      name: 'confirmation_codes',
      columns: [
        column.integer('user_id', { isPrimary: true }),
        column.ascii('destination_digest', 64, { isPrimary: true }),
        column.ascii('salt', 32),
        column.ascii('digest', 64),
        column.integer('attempts'),
        column.integer('sms_number', { isNullable: true }),
        column.moment('created_at'),
        column.moment('expires_at'),
      ],
      indices: { confirmation_codes_expires_at: ['expires_at'] },
      foreignKeys: [ownedByUser('confirmation_codes')],
    });
  }

  async down(): Promise<void> {
    throw new Error('Restore a backup: a user may have several codes now');
  }
}
