import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';
import { MigrationColumns } from '../shared/database/migration-columns.js';

/** What was confirmed last, and whether the e-mail address was ever proved. */
export class AddConfirmedDestination1764100200000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const column = new MigrationColumns(queryRunner);
    await queryRunner.addColumns('users', [
      new TableColumn(column.ascii('confirmed_destination', 254, { isNullable: true })),
      new TableColumn({ ...column.flag('email_proved'), default: '0' }),
    ]);
    await queryRunner.query(
      'UPDATE users SET confirmed_destination = COALESCE(phone_e164, email) WHERE confirmed = 1 AND template = 0',
    );
    await queryRunner.query(
      'UPDATE users SET email_proved = 1 WHERE confirmed = 1 AND template = 0 AND phone_e164 IS NULL',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropColumns('users', ['confirmed_destination', 'email_proved']);
  }
}
