import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, MigrationColumns, ownedByUser } from '../shared/database/migration-columns.js';
import { searchKey, searchTermsOf } from '../users/index.js';

const BATCH = 500;
const TABLE = 'user_search_terms';

interface Row {
  readonly id: number;
  readonly first_name: string;
  readonly last_name: string;
  readonly first_name_key: string;
  readonly last_name_key: string;
  readonly email: string;
  readonly phone_e164: string | null;
}

/**
 * Creates the terms that accounts are found by, and folds names anew for sorting. MySQL commits each change of a table
 * at once: an upgrade that was ended half-way goes on where it stopped.
 */
export class SearchByWords1764100100000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    if (!(await queryRunner.hasTable(TABLE))) await this.createTable(queryRunner);
    let afterId = 0;
    let rows: Row[];
    do {
      rows = (await queryRunner.query(
        `SELECT id, first_name, last_name, first_name_key, last_name_key, email, phone_e164
         FROM users WHERE id > ? ORDER BY id LIMIT ${BATCH}`,
        [afterId],
      )) as Row[];
      await this.foldAnew(queryRunner, rows);
      await this.insertTerms(queryRunner, rows);
      afterId = rows.at(-1)?.id ?? afterId;
    } while (rows.length === BATCH);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable(TABLE);
  }

  private async createTable(queryRunner: QueryRunner): Promise<void> {
    const column = new MigrationColumns(queryRunner);
    await createTable(queryRunner, {
      name: TABLE,
      columns: [
        column.text('term', 254, { isPrimary: true }),
        column.integer('user_id', { isPrimary: true }),
      ],
      indices: { [`${TABLE}_user_id`]: ['user_id', 'term'] },
      foreignKeys: [ownedByUser(TABLE)],
    });
  }

  private async foldAnew(queryRunner: QueryRunner, rows: Row[]): Promise<void> {
    for (const row of rows) {
      const [first, last] = [searchKey(row.first_name), searchKey(row.last_name)];
      if (first === row.first_name_key && last === row.last_name_key) continue;
      await queryRunner.query('UPDATE users SET first_name_key = ?, last_name_key = ? WHERE id = ?', [
        first,
        last,
        row.id,
      ]);
    }
  }

  private async insertTerms(queryRunner: QueryRunner, rows: Row[]): Promise<void> {
    const terms = rows.flatMap((row) => {
      const { first_name: firstName, last_name: lastName, email, phone_e164: phoneE164 } = row;
      return [...searchTermsOf({ firstName, lastName, email, phoneE164 })].map((term) => [term, row.id]);
    });
    if (terms.length === 0) return;
    const ignore = queryRunner.dataSource.options.type === 'better-sqlite3' ? 'OR IGNORE' : 'IGNORE';
    await queryRunner.query(
      `INSERT ${ignore} INTO ${TABLE} (term, user_id) VALUES ${terms.map(() => '(?, ?)').join(', ')}`,
      terms.flat(),
    );
  }
}
