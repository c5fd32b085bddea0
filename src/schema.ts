import { AuditEvent, AuditEventUser, ChainHead } from './audit/index.js';
import { Session } from './auth/index.js';
import { extensions, type Extension } from './extensions.js';
import { PasswordAttempts, Quota } from './limits/index.js';
import { Message, SmsPrefix } from './messaging/index.js';
import { CreateUsersAndSessions1764000000000 } from './migrations/1764000000000-create-users-and-sessions.js';
import { CreateMessages1764000100000 } from './migrations/1764000100000-create-messages.js';
import { CreateCodesAndResets1764000200000 } from './migrations/1764000200000-create-codes-and-resets.js';
import { CreateLimits1764000300000 } from './migrations/1764000300000-create-limits.js';
import { WidenPhone1764100000000 } from './migrations/1764100000000-widen-phone.js';
import { AddConfirmedDestination1764100200000 } from './migrations/1764100200000-add-confirmed-destination.js';
import { CodesByDestination1764100300000 } from './migrations/1764100300000-codes-by-destination.js';
import { PendingPasswordReset } from './passwords/index.js';
import { CreateAuditLog1764000400000 } from './migrations/1764000400000-create-audit-log.js';
import { AuditSearchesAndWriters1764100110000 } from './migrations/1764100110000-audit-searches-and-writers.js';
import { SearchByWords1764100100000 } from './migrations/1764100100000-search-by-words.js';
import type { Schema } from './shared/database/data-source-options.js';
import { User, UserSearchTerm } from './users/index.js';
import { ConfirmationCode } from './verification/index.js';

/** Every entity and every migration, those of the extensions behind our own. */
export function schemaWith(additions: Extension[] = extensions): Schema {
  return {
    entities: [
      User,
      UserSearchTerm,
      Session,
      PasswordAttempts,
      SmsPrefix,
      Message,
      Quota,
      ConfirmationCode,
      PendingPasswordReset,
      AuditEvent,
      AuditEventUser,
      ChainHead,
      ...additions.flatMap(({ entities }) => entities ?? []),
    ],
    migrations: [
      CreateUsersAndSessions1764000000000,
      CreateMessages1764000100000,
      CreateCodesAndResets1764000200000,
      CreateLimits1764000300000,
      CreateAuditLog1764000400000,
      WidenPhone1764100000000,
      SearchByWords1764100100000,
      AuditSearchesAndWriters1764100110000,
      AddConfirmedDestination1764100200000,
      CodesByDestination1764100300000,
      ...additions.flatMap(({ migrations }) => migrations ?? []),
    ],
  };
}
