import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, MigrationColumns, ownedByUser } from '../shared/database/migration-columns.js';

export class CreateCodesAndResets1764000200000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const column = new MigrationColumns(queryRunner);
    await createTable(queryRunner, {
      name: 'quotas',
      columns: [
        column.ascii('subject_digest', 64, { isPrimary: true }),
        column.longAscii('uses'),
        column.moment('expires_at'),
      ],
      indices: { quotas_expires_at: ['expires_at'] },
    });
    await createTable(queryRunner, {
      name: 'confirmation_codes',
      columns: [
        column.integer('user_id', { isPrimary: true }),
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
    await createTable(queryRunner, {
      name: 'password_resets',
      columns: [
        column.integer('user_id', { isPrimary: true }),
        column.ascii('token_digest', 64),
        column.moment('created_at'),
        column.moment('expires_at'),
      ],
      indices: {
        password_resets_token_digest_unique: ['token_digest'],
        password_resets_expires_at: ['expires_at'],
      },
      foreignKeys: [ownedByUser('password_resets')],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['password_resets', 'confirmation_codes', 'quotas'])
      await queryRunner.dropTable(table);
  }
}
