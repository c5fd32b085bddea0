import 'reflect-metadata';
import { createInterface } from 'node:readline/promises';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Command } from 'commander';
import { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import { AuditVerification, ChainBroken } from './audit/index.js';
import { extensions } from './extensions.js';
import { schemaWith } from './schema.js';
import { parseUserId } from './shared/access/index.js';
import { toWire } from './shared/lib/casing.js';
import { loadSettings } from './shared/config/load-settings.js';
import { SettingsError } from './shared/config/settings.js';
import { dataSourceOptions } from './shared/database/data-source-options.js';
import { migrate } from './shared/database/migrate.js';
import { DomainError, NotFound, RecordInvalid } from './shared/errors/index.js';
import { createLogger, NestLogger } from './shared/observability/logger.js';
import {
  AdministratorsService,
  PersonalDataExportService,
  TemplateUsersService,
  UsersService,
} from './users/index.js';

/** A mistake of whoever typed the command: told in one line, without a stack. */
class UsageError extends Error {}

/** Runs `work` inside the application, without its HTTP server. */
async function withApp(work: (app: INestApplicationContext) => Promise<void>): Promise<void> {
  const settings = loadSettings();
  // Standard output is for what a command has to say.
  const logger = new NestLogger(createLogger('warn', { pretty: false }, process.stderr));
  const app = await NestFactory.createApplicationContext(AppModule.with(settings, extensions), {
    logger,
    abortOnError: false,
  });
  try {
    await work(app);
  } finally {
    await app.close();
  }
}

async function ask(question: string): Promise<string> {
  if (!process.stdin.isTTY) throw new UsageError(`${question} is missing (see --help)`);
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await prompt.question(`${question}: `);
  } finally {
    prompt.close();
  }
}

const program = new Command('npm run cli --')
  .description('The command line of General Users API. It reads the same settings as the server.')
  .showHelpAfterError();

program
  .command('admin:create')
  .description('create an administrator, or make an existing account one (its password stays as it is)')
  .option('--email <address>', 'e-mail address; asked for when left out')
  .option('--password <password>', 'password of a new account; ADMIN_PASSWORD or asked for when left out')
  .option('--first-name <name>', 'first name of a new account', 'First')
  .option('--last-name <name>', 'last name of a new account', 'Administrator')
  .action(async (options: { email?: string; password?: string; firstName: string; lastName: string }) => {
    const email = options.email ?? (await ask('E-mail address'));
    const password = options.password ?? process.env['ADMIN_PASSWORD'] ?? (await ask('Password'));
    await withApp(async (app) => {
      const outcome = await app.get(AdministratorsService).ensure({ ...options, email, password });
      const done = {
        created: 'Created',
        promoted: 'Made an administrator of',
        unchanged: 'Is an administrator already:',
      };
      process.stdout.write(`${done[outcome]} ${email}\n`);
    });
  });

program
  .command('users:purge-template')
  .description('permanently delete all template users (the accounts of tests and development)')
  .action(() =>
    withApp(async (app) => {
      const purged = await app.get(TemplateUsersService).purge();
      process.stdout.write(`Deleted ${purged} template ${purged === 1 ? 'user' : 'users'}\n`);
    }),
  );

program
  .command('users:export')
  .description(
    'print everything that is kept about one person as JSON (the export itself goes into the audit log)',
  )
  .argument('<user>', 'id or e-mail address')
  .action((user: string) =>
    withApp(async (app) => {
      const data = await app.get(PersonalDataExportService).of(await findUser(app, user));
      process.stdout.write(`${JSON.stringify(toWire(data), null, 2)}\n`);
    }),
  );

async function findUser(app: INestApplicationContext, idOrEmail: string): Promise<number> {
  if (idOrEmail.includes('@')) {
    const user = await app.get(UsersService).findByEmail(idOrEmail.trim().toLowerCase());
    if (!user) throw new NotFound();
    return user.id;
  }
  return (await app.get(UsersService).find(parseUserId(idOrEmail))).id;
}

program
  .command('audit:verify')
  .description('check the audit log from end to end; names the first link that is not as it was written')
  .option('--noted <position:seal>', 'a link that an earlier run printed: it must still be there')
  .action(async ({ noted }: { noted?: string }) => {
    const [, position = '', seal = ''] = /^(\d{1,10}):([\w-]{43})$/.exec(noted ?? '') ?? [];
    if (noted !== undefined && seal === '') throw new UsageError('--noted must be <position>:<seal>');
    await withApp(async (app) => {
      const verification = app.get(AuditVerification);
      const found = await verification.verify(seal === '' ? null : { position: Number(position), seal });
      process.stdout.write(
        `The audit log is intact: ${found.links} links, ${found.unsealed} events not sealed yet\n` +
          (found.head.position > 0 ? `Newest link: ${found.head.position}:${found.head.seal}\n` : ''),
      );
    });
  });

program
  .command('migrate')
  .description(
    'bring the schema of the database up to date (the server does so itself, unless MIGRATE=false)',
  )
  .action(async () => {
    const { database } = loadSettings();
    const dataSource = await new DataSource(
      await dataSourceOptions(database.url, schemaWith(), database),
    ).initialize();
    try {
      const done = await migrate(dataSource);
      process.stdout.write(done.length > 0 ? `${done.join('\n')}\n` : 'The schema is up to date\n');
    } finally {
      await dataSource.destroy();
    }
  });

function explain(error: unknown): string {
  if (error instanceof RecordInvalid) {
    return Object.entries(error.errors.toObject())
      .map(([field, messages]) => `${field} ${messages.join(', ')}`)
      .join('\n');
  }
  if (error instanceof ChainBroken) return `The audit log is broken. ${error.message}`;
  if (error instanceof SettingsError || error instanceof UsageError || error instanceof DomainError)
    return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

try {
  await program.parseAsync();
} catch (error) {
  Logger.flush();
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}
