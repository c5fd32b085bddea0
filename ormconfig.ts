// For TypeORM's own command line, on the compiled file:
//   npx typeorm migration:show -d dist/ormconfig.js
import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { schemaWith } from './src/schema.js';
import { loadSettings } from './src/shared/config/load-settings.js';
import { dataSourceOptions } from './src/shared/database/data-source-options.js';

const { database } = loadSettings();

export default new DataSource(await dataSourceOptions(database.url, schemaWith(), database));
