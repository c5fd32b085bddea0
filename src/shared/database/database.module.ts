import { setTimeout as delay } from 'node:timers/promises';
import { type DynamicModule, Global, Logger, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { Settings, SettingsError } from '../config/settings.js';
import { SECOND } from '../lib/duration.js';
import { isAway } from './database-errors.js';
import { dataSourceOptions, type Schema } from './data-source-options.js';
import { migrate } from './migrate.js';
import { UnitOfWork } from './unit-of-work.js';

/** How long to wait for a database server that starts together with the application (docker compose up). */
const CONNECT_PATIENCE_MS = 60 * SECOND;

@Global()
@Module({})
export class DatabaseModule {
  static with(schema: Schema): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          inject: [Settings],
          useFactory: async (settings: Settings) => ({
            ...(await patiently(() => dataSourceOptions(settings.database.url, schema, settings.database))),
            // `patiently` retries what is worth a retry.
            toRetry: () => false,
          }),
          dataSourceFactory: (options) =>
            patiently(() => new DataSource(options as DataSourceOptions).initialize()),
        }),
      ],
      providers: [
        {
          provide: UnitOfWork,
          inject: [DataSource, Settings],
          useFactory: async (dataSource: DataSource, settings: Settings) => {
            if (settings.database.migrate) await migrate(dataSource);
            return new UnitOfWork(dataSource);
          },
        },
      ],
      exports: [UnitOfWork],
    };
  }
}

/** @throws SettingsError for a database that can't be opened, with the error's code alone: its text may hold a password */
async function patiently<T>(connect: () => Promise<T>): Promise<T> {
  const logger = new Logger(DatabaseModule.name);
  const deadline = Date.now() + CONNECT_PATIENCE_MS;
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      const { code = 'no code' } = error as { code?: string };
      const mayComeUp = isAway(error) && !code.startsWith('SQLITE_');
      if (!mayComeUp || Date.now() > deadline) {
        throw new SettingsError(`DATABASE_URL names a database that can't be opened (${code})`, {
          cause: error,
        });
      }
      logger.warn(`The database does not answer yet (${code})`);
      await delay(SECOND);
    }
  }
}
