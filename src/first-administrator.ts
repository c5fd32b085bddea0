import { type INestApplicationContext, Logger } from '@nestjs/common';
import { type Settings, SettingsError } from './shared/config/settings.js';
import { RecordInvalid } from './shared/errors/index.js';
import { AdministratorsService } from './users/index.js';

/**
 * Makes sure that the administrator of the settings exists, and says so when there is none at all.
 *
 * @throws SettingsError when ADMIN_EMAIL or ADMIN_PASSWORD breaks a rule
 */
export async function ensureFirstAdministrator(
  app: INestApplicationContext,
  { admin }: Settings,
): Promise<void> {
  const administrators = app.get(AdministratorsService);
  const logger = new Logger('Administrators');
  if (admin !== null) {
    try {
      const outcome = await administrators.ensure(admin);
      if (outcome !== 'unchanged') logger.log(`The administrator of ADMIN_EMAIL was ${outcome}`);
    } catch (error) {
      if (error instanceof RecordInvalid) throw new SettingsError(describe(error));
      throw error;
    }
  }
  if (!(await administrators.exists())) {
    logger.warn('There is no administrator yet. Create one: npm run cli -- admin:create');
  }
}

const VARIABLES: Record<string, string> = {
  email: 'ADMIN_EMAIL',
  password: 'ADMIN_PASSWORD',
  base: 'ADMIN_EMAIL',
};

function describe({ errors }: RecordInvalid): string {
  const [field = 'base', messages = []] = Object.entries(errors.toObject())[0] ?? [];
  return `${VARIABLES[field] ?? field} ${messages.join(', ')}`;
}
