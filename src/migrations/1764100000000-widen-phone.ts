import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A phone number is given back as it was written, with digits of any script and the dashes of any keyboard; the column
 * held ASCII alone. (SQLite's text holds any character as it is.)
 */
export class WidenPhone1764100000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    if (queryRunner.dataSource.options.type === 'better-sqlite3') return;
    await queryRunner.query(
      'ALTER TABLE users MODIFY phone varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL',
    );
  }

  async down(): Promise<void> {
    throw new Error('Numbers that are not ASCII would be lost');
  }
}
