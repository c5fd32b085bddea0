import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, MigrationColumns, ownedByUser } from '../shared/database/migration-columns.js';

export class CreateMessages1764000100000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const column = new MigrationColumns(queryRunner);
    await createTable(queryRunner, {
      name: 'messages',
      columns: [
        column.id(),
        column.ascii('public_id', 32),
        column.integer('user_id'),
        column.ascii('kind', 32),
        column.ascii('channel', 16),
        column.ascii('status', 16),
        column.ascii('destination', 260),
        column.bytes('content', { isNullable: true }),
        column.integer('attempts'),
        column.moment('created_at'),
        column.moment('due_at'),
        column.moment('expires_at'),
        column.moment('sent_at', { isNullable: true }),
      ],
      indices: {
        messages_public_id_unique: ['public_id'],
        messages_user_id: ['user_id'],
        messages_created_at: ['created_at'],
        messages_queue: ['status', 'due_at', 'channel', 'attempts'],
      },
      foreignKeys: [ownedByUser('messages')],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('messages');
  }
}
