import { type MigrationInterface, type QueryRunner, TableForeignKey } from 'typeorm';
import { createTable, MigrationColumns } from '../shared/database/migration-columns.js';

const MAC_LENGTH = 43;

export class CreateAuditLog1764000400000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const column = new MigrationColumns(queryRunner);
    await createTable(queryRunner, {
      name: 'audit_events',
      columns: [
        column.id(),
        column.moment('created_at'),
        column.ascii('action', 64),
        column.integer('actor_id', { isNullable: true }),
        column.ascii('actor_role', 16, { isNullable: true }),
        column.integer('user_id', { isNullable: true }),
        column.ascii('ip', 45, { isNullable: true }),
        column.ascii('request_id', 128, { isNullable: true }),
        column.text('reason', 200, { isNullable: true }),
        column.ascii('digest', MAC_LENGTH),
        column.integer('position', { isNullable: true }),
        column.ascii('seal', MAC_LENGTH, { isNullable: true }),
      ],
      indices: {
        // Not unique: MariaDB would not find what is not sealed yet (null) in the order of ids by it.
        audit_events_position: ['position'],
        audit_events_created_at: ['created_at'],
        audit_events_actor_id: ['actor_id', 'created_at'],
        audit_events_user_id: ['user_id', 'created_at'],
        audit_events_action: ['action', 'created_at'],
      },
    });
    await createTable(queryRunner, {
      name: 'audit_event_users',
      columns: [
        column.integer('event_id', { isPrimary: true }),
        column.integer('user_id', { isPrimary: true }),
      ],
      indices: { audit_event_users_user_id: ['user_id', 'event_id'] },
      foreignKeys: [
        new TableForeignKey({
          name: 'audit_event_users_event_id_fk',
          columnNames: ['event_id'],
          referencedTableName: 'audit_events',
          referencedColumnNames: ['id'],
          onDelete: 'CASCADE',
          // What is meant anyway; MariaDB reports the unsaid as RESTRICT.
          onUpdate: 'NO ACTION',
        }),
      ],
    });
    await createTable(queryRunner, {
      name: 'audit_chain',
      columns: [
        column.integer('id', { isPrimary: true }),
        column.integer('position'),
        column.ascii('seal', MAC_LENGTH),
        column.integer('removed_position'),
        column.ascii('removed_seal', MAC_LENGTH),
        column.ascii('mac', MAC_LENGTH, { isNullable: true }),
      ],
    });
    await queryRunner.query(
      "INSERT INTO audit_chain (id, position, seal, removed_position, removed_seal) VALUES (1, 0, '', 0, '')",
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('audit_chain');
    await queryRunner.dropTable('audit_event_users');
    await queryRunner.dropTable('audit_events');
  }
}
