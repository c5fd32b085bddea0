import { AuditEvent, AuditEventUser, ChainHead } from './audit/index.js';
import { Session } from './auth/index.js';
import { extensions, type Extension } from './extensions.js';
import { CreateUsersAndSessions1764000000000 } from './migrations/1764000000000-create-users-and-sessions.js';
import { CreateAuditLog1764000400000 } from './migrations/1764000400000-create-audit-log.js';
import type { Schema } from './shared/database/data-source-options.js';
import { User } from './users/index.js';

/** Every entity and every migration, those of the extensions behind our own. */
export function schemaWith(additions: Extension[] = extensions): Schema {
  return {
    entities: [
      User,
      Session,
      AuditEvent,
      AuditEventUser,
      ChainHead,
      ...additions.flatMap(({ entities }) => entities ?? []),
    ],
    migrations: [
      CreateUsersAndSessions1764000000000,
      CreateAuditLog1764000400000,
      ...additions.flatMap(({ migrations }) => migrations ?? []),
    ],
  };
}
