import { Body, Controller, Delete, Get, HttpCode, Injectable, Module, Param, Post } from '@nestjs/common';
import type { Extension } from '#app/extensions.js';
import { type Actor, AdminOnly, ClinicalOnly, CurrentUser, Public } from '#app/shared/access/index.js';
import { createTable, MigrationColumns, ownedByUser } from '#app/shared/database/migration-columns.js';
import { UnitOfWork } from '#app/shared/database/unit-of-work.js';
import { RecordInvalid } from '#app/shared/errors/index.js';
import { AfterCommit, WithinTransaction } from '#app/shared/events/domain-events.js';
import { IsInteger, IsText } from '#app/shared/validation/index.js';
import { UserCreated, UserUpdated } from '#app/users/index.js';
import {
  Column,
  Entity,
  Index,
  type MigrationInterface,
  PrimaryGeneratedColumn,
  type QueryRunner,
} from 'typeorm';

// What a team of ours would add to the monolith, as docs/extending.md says.

@Entity('vaccinations')
@Index('vaccinations_user_id', ['userId'])
export class Vaccination {
  @PrimaryGeneratedColumn({ unsigned: true })
  id: number;

  @Column({ type: 'int', unsigned: true })
  userId: number;

  @Column({ type: 'varchar', length: 100 })
  vaccine: string;
}

class CreateVaccinations1770000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const column = new MigrationColumns(queryRunner);
    await createTable(queryRunner, {
      name: 'vaccinations',
      columns: [column.id(), column.integer('user_id'), column.text('vaccine', 100)],
      indices: { vaccinations_user_id: ['user_id'] },
      foreignKeys: [ownedByUser('vaccinations')],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('vaccinations');
  }
}

class CreateVaccinationDto {
  @IsInteger({ min: 1 })
  userId: number;

  @IsText({ max: 100 })
  vaccineName: string;
}

@Injectable()
export class Vaccinations {
  /** What was heard of after the commit. */
  readonly heard: number[] = [];

  constructor(private readonly db: UnitOfWork) {}

  async add(userId: number, vaccine: string): Promise<void> {
    await this.db.run((manager) => manager.insert(Vaccination, { userId, vaccine }));
  }

  list(): Promise<Vaccination[]> {
    return this.db.read((manager) => manager.find(Vaccination, { order: { id: 'ASC' } }));
  }

  /** Commits with the sign-up. */
  @WithinTransaction(UserCreated)
  async open({ userId }: UserCreated): Promise<void> {
    await this.add(userId, 'none yet');
  }

  /** Undoes the change. */
  @WithinTransaction(UserUpdated)
  refuse({ changed }: UserUpdated): void {
    if (changed.includes('language')) throw RecordInvalid.on('language', 'is not spoken here');
  }

  @AfterCommit(UserCreated)
  hear({ userId }: UserCreated): void {
    this.heard.push(userId);
    throw new Error('A projection that fails');
  }
}

@Controller('v1/vaccinations')
export class VaccinationsController {
  constructor(private readonly vaccinations: Vaccinations) {}

  @Get()
  async list(@CurrentUser() actor: Actor): Promise<object> {
    const all = await this.vaccinations.list();
    return { readBy: actor.id, vaccinations: all.filter(({ userId }) => userId === actor.id) };
  }

  @Get('open_hours')
  @Public()
  openHours(@CurrentUser() actor: Actor | null): object {
    return { opensAt: 8, isKnown: actor !== null };
  }

  @Post()
  @ClinicalOnly()
  async create(@Body() { userId, vaccineName }: CreateVaccinationDto): Promise<object> {
    await this.vaccinations.add(userId, vaccineName);
    return { vaccineName };
  }

  @Delete(':id')
  @HttpCode(204)
  @AdminOnly()
  delete(@Param('id') _id: string): void {
    // Who may get here is what is tried.
  }
}

@Module({ controllers: [VaccinationsController], providers: [Vaccinations] })
class VaccinationsModule {}

export const vaccinations: Extension = {
  modules: [VaccinationsModule],
  entities: [Vaccination],
  migrations: [CreateVaccinations1770000000000],
};
