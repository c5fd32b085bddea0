import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { type Database, findTools } from './test/support/tools.js';

const { databases, redis, chromium, leftOut } = await findTools();

const project = (name: string, database: Database, files: object): TestProjectInlineConfiguration => ({
  extends: true,
  test: { name, globalSetup: './test/support/database.setup.ts', provide: { database }, ...files },
});

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    provide: { redis, chromium, leftOut },
    // The application is tested as it is compiled: its worker threads, metadata and API document exist only there.
    server: { deps: { external: [/\/dist\//] } },
    projects: [
      ...databases.map((database) =>
        project(database.name, database, {
          include: ['test/{api,extensions}/**/*.test.ts'],
        }),
      ),
      // What does not depend on the database.
      project('once', databases[0]!, { include: ['test/once/**/*.test.ts'] }),
      // What needs neither a database nor a server.
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
    ],
  },
});
