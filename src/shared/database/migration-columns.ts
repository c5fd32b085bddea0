import { type QueryRunner, Table, type TableColumnOptions, TableForeignKey, TableIndex } from 'typeorm';

/**
 * Columns that mean the same on SQLite and on MySQL. Text is compared byte by byte on both: what must be found in any
 * case is stored case-folded.
 */
export class MigrationColumns {
  private readonly isMysql: boolean;

  constructor(queryRunner: QueryRunner) {
    this.isMysql = queryRunner.dataSource.options.type !== 'better-sqlite3';
  }

  id(): TableColumnOptions {
    return {
      name: 'id',
      type: this.isMysql ? 'int' : 'integer',
      unsigned: this.isMysql,
      isPrimary: true,
      isGenerated: true,
      generationStrategy: 'increment',
    };
  }

  integer(name: string, options: Partial<TableColumnOptions> = {}): TableColumnOptions {
    return { name, type: this.isMysql ? 'int' : 'integer', unsigned: this.isMysql, ...options };
  }

  /** Any text. */
  text(name: string, length: number, options: Partial<TableColumnOptions> = {}): TableColumnOptions {
    return {
      name,
      type: 'varchar',
      length: String(length),
      ...this.collation('utf8mb4', 'utf8mb4_bin'),
      ...options,
    };
  }

  /** Addresses, digests, tags: ASCII alone. */
  ascii(name: string, length: number, options: Partial<TableColumnOptions> = {}): TableColumnOptions {
    return {
      name,
      type: 'varchar',
      length: String(length),
      ...this.collation('ascii', 'ascii_bin'),
      ...options,
    };
  }

  /** ASCII of at most 64 KiB. */
  longAscii(name: string, options: Partial<TableColumnOptions> = {}): TableColumnOptions {
    return { name, type: 'text', ...this.collation('ascii', 'ascii_bin'), ...options };
  }

  /** At most 64 KiB. */
  bytes(name: string, options: Partial<TableColumnOptions> = {}): TableColumnOptions {
    return { name, type: 'blob', ...options };
  }

  date(name: string, options: Partial<TableColumnOptions> = {}): TableColumnOptions {
    return { name, type: 'date', ...options };
  }

  /** UTC, to the millisecond. */
  moment(name: string, options: Partial<TableColumnOptions> = {}): TableColumnOptions {
    return { name, type: 'datetime', precision: 3, ...options };
  }

  flag(name: string): TableColumnOptions {
    return { name, type: this.isMysql ? 'tinyint' : 'boolean' };
  }

  private collation(charset: string, collation: string): Partial<TableColumnOptions> {
    return this.isMysql ? { charset, collation } : {};
  }
}

interface TableParts {
  readonly name: string;
  readonly columns: TableColumnOptions[];
  /** By index name; one that ends in `_unique` is unique. */
  readonly indices?: Record<string, string[]>;
  readonly foreignKeys?: TableForeignKey[];
}

/** Creates a table with named indexes: drivers report only an index's name when it is violated. */
export async function createTable(
  queryRunner: QueryRunner,
  { name, columns, ...parts }: TableParts,
): Promise<void> {
  const indices = Object.entries(parts.indices ?? {}).map(
    ([index, columnNames]) =>
      new TableIndex({ name: index, columnNames, isUnique: index.endsWith('_unique') }),
  );
  const isMysql = queryRunner.dataSource.options.type !== 'better-sqlite3';
  const table = new Table({
    name,
    columns,
    indices,
    foreignKeys: parts.foreignKeys ?? [],
    ...(isMysql ? { engine: 'InnoDB' } : {}),
  });
  await queryRunner.createTable(table);
}

/** Rows that go with their user. */
export function ownedByUser(table: string, column = 'user_id'): TableForeignKey {
  return new TableForeignKey({
    name: `${table}_${column}_fk`,
    columnNames: [column],
    referencedTableName: 'users',
    referencedColumnNames: ['id'],
    onDelete: 'CASCADE',
    // What is meant anyway; MariaDB reports the unsaid as RESTRICT.
    onUpdate: 'NO ACTION',
  });
}
