import { setTimeout as delay } from 'node:timers/promises';
import { type DynamicModule, Global, Logger, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { Settings } from '../config/settings.js';
import { SECOND } from '../time/duration.js';
import { isUnreachable } from './database-errors.js';
import { dataSourceOptions, type Schema } from './data-source-options.js';
import { migrate } from './migrate.js';
import { UnitOfWork } from './unit-of-work.js';

/** A server that starts together with us (docker compose up) gets this long to answer. */
const START_PATIENCE_MS = 60 * SECOND;

@Global()
@Module({})
export class DatabaseModule {
  static with(schema: Schema): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          inject: [Settings],
          useFactory: (settings: Settings) =>
            patiently(() => dataSourceOptions(settings.database.url, schema, settings.database)),
          dataSourceFactory: async (options) => new DataSource(options as DataSourceOptions).initialize(),
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

async function patiently<T>(connect: () => Promise<T>): Promise<T> {
  const logger = new Logger(DatabaseModule.name);
  const deadline = Date.now() + START_PATIENCE_MS;
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      if (!isUnreachable(error) || Date.now() > deadline) throw error;
      logger.warn(`The database does not answer yet (${(error as { code?: string }).code ?? 'no code'})`);
      await delay(SECOND);
    }
  }
}
