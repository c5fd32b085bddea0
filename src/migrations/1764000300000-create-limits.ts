import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, MigrationColumns } from '../shared/database/migration-columns.js';

export class CreateLimits1764000300000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const column = new MigrationColumns(queryRunner);
    await createTable(queryRunner, {
      name: 'password_attempts',
      columns: [
        column.id(),
        column.ascii('address_digest', 64),
        column.integer('failures'),
        column.integer('running'),
        column.moment('paused_until', { isNullable: true }),
        column.moment('attempted_at'),
      ],
      indices: {
        password_attempts_address_digest_unique: ['address_digest'],
        password_attempts_attempted_at: ['attempted_at'],
      },
    });
    await createTable(queryRunner, {
      name: 'sms_prefixes',
      columns: [
        column.ascii('prefix', 8, { isPrimary: true }),
        column.date('day'),
        column.integer('sent'),
        column.date('over_budget_on', { isNullable: true }),
        column.integer('last_code'),
        column.ascii('outcomes', 1000),
        column.moment('paused_until', { isNullable: true }),
      ],
    });
    // The row of all prefixes, by whose lock everybody who sends an SMS takes turns: it is never not there.
    await queryRunner.query(
      "INSERT INTO sms_prefixes (prefix, day, sent, last_code, outcomes) VALUES ('*', '1970-01-01', 0, 0, '')",
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('sms_prefixes');
    await queryRunner.dropTable('password_attempts');
  }
}
