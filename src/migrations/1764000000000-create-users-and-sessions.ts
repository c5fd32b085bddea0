import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, MigrationColumns, ownedByUser } from '../shared/database/migration-columns.js';

export class CreateUsersAndSessions1764000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const column = new MigrationColumns(queryRunner);
    await createTable(queryRunner, {
      name: 'users',
      columns: [
        column.id(),
        column.ascii('email', 254),
        column.ascii('password_digest', 100),
        column.text('first_name', 100),
        column.text('last_name', 100),
        column.text('first_name_key', 100),
        column.text('last_name_key', 100),
        column.ascii('phone', 40, { isNullable: true }),
        column.ascii('phone_e164', 16, { isNullable: true }),
        column.date('date_of_birth', { isNullable: true }),
        column.ascii('language', 64),
        column.ascii('role', 16),
        column.flag('active'),
        column.flag('clinical'),
        column.flag('clinical_approved'),
        column.flag('confirmed'),
        column.flag('template'),
        column.flag('native_signup'),
        column.moment('created_at'),
        column.moment('updated_at'),
        column.moment('confirmed_at', { isNullable: true }),
        column.moment('cancelled_at', { isNullable: true }),
        column.moment('last_sign_in_at', { isNullable: true }),
      ],
      indices: {
        users_email_unique: ['email'],
        users_first_name_key: ['first_name_key'],
        users_last_name_key: ['last_name_key'],
        users_phone_e164: ['phone_e164'],
        users_role: ['role', 'active'],
        users_created_at: ['created_at'],
        users_updated_at: ['updated_at'],
      },
    });
    await createTable(queryRunner, {
      name: 'sessions',
      columns: [
        column.id(),
        column.integer('user_id'),
        column.ascii('token_digest', 64),
        column.moment('created_at'),
        column.moment('last_seen_at'),
        column.ascii('ip', 45),
        column.text('user_agent', 255, { isNullable: true }),
      ],
      indices: {
        sessions_token_digest_unique: ['token_digest'],
        sessions_user_id: ['user_id'],
        sessions_last_seen_at: ['last_seen_at'],
      },
      foreignKeys: [ownedByUser('sessions')],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('sessions');
    await queryRunner.dropTable('users');
  }
}
