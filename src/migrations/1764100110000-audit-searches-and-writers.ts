import type { MigrationInterface, QueryRunner } from 'typeorm';

const MAC_LENGTH = 43;
const WRITER_LENGTH = 16;

/** Searches that name nobody, and what shows that an event was removed before it was sealed. */
export class AuditSearchesAndWriters1764100110000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Not by TypeORM's own methods: on SQLite they make the table anew, and dropping the old one would take the rows of
    // audit_event_users along. MySQL commits each statement: what is there already stays.
    const table = await queryRunner.getTable('audit_events');
    for (const [name, type] of Object.entries(columns(queryRunner))) {
      if (table?.findColumnByName(name)) continue;
      await queryRunner.query(`ALTER TABLE audit_events ADD COLUMN ${name} ${type}`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const name of Object.keys(columns(queryRunner)))
      await queryRunner.query(`ALTER TABLE audit_events DROP COLUMN ${name}`);
  }
}

function columns(queryRunner: QueryRunner): Record<string, string> {
  const isMysql = queryRunner.dataSource.options.type !== 'better-sqlite3';
  const integer = isMysql ? 'int unsigned NULL' : 'integer';
  const ascii = (length: number): string =>
    isMysql ? `varchar(${length}) CHARACTER SET ascii COLLATE ascii_bin NULL` : `varchar(${length})`;
  return {
    counted: integer,
    search_hash: ascii(MAC_LENGTH),
    writer: ascii(WRITER_LENGTH),
    writer_number: integer,
  };
}
