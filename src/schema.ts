import { Session } from './auth/index.js';
import { extensions, type Extension } from './extensions.js';
import { PasswordAttempts, SmsPrefix } from './limits/index.js';
import { CreateUsersAndSessions1764000000000 } from './migrations/1764000000000-create-users-and-sessions.js';
import { CreateLimits1764000040000 } from './migrations/1764000040000-create-limits.js';
import type { Schema } from './shared/database/data-source-options.js';
import { User } from './users/index.js';

/** Every entity and every migration, those of the extensions behind our own. */
export function schemaWith(additions: Extension[] = extensions): Schema {
  return {
    entities: [
      User,
      Session,
      PasswordAttempts,
      SmsPrefix,
      ...additions.flatMap(({ entities }) => entities ?? []),
    ],
    migrations: [
      CreateUsersAndSessions1764000000000,
      CreateLimits1764000040000,
      ...additions.flatMap(({ migrations }) => migrations ?? []),
    ],
  };
}
