import { readEnvFile } from './env-file.js';
import { SettingsError } from './settings-error.js';

/** The variables as strings, before they are checked. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The process's environment over `.env.local` over `.env`, both of `directory`. An empty value counts as not set, so
 * that the one below it holds.
 *
 * In production neither file is read: one that was left behind in an image can't take effect there.
 *
 * @throws SettingsError if a file can't be read or understood
 */
export function readEnvironment(directory: string, processEnv: Environment): Environment {
  if (isProduction(processEnv)) return processEnv;
  const files = FILES.map((name) => withoutEmpty(readEnvFile(directory, name)));
  const environment: Environment = Object.assign({}, ...files, withoutEmpty(processEnv));
  // Half of the settings would come from files that production must not depend on.
  if (isProduction(environment)) {
    throw new SettingsError(
      `NODE_ENV=production must be set in the environment, not in ${FILES.join(' or ')}`,
    );
  }
  return environment;
}

/** The later one wins. */
const FILES = ['.env', '.env.local'];

function isProduction(values: Environment): boolean {
  return new EnvironmentReader(values).text('NODE_ENV')?.toLowerCase() === 'production';
}

function withoutEmpty(values: Environment): Environment {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value?.trim()));
}

/** Typed reading of single variables; an empty one counts as not set. */
export class EnvironmentReader {
  constructor(private readonly environment: Environment) {}

  text(name: string): string | null {
    const value = this.environment[name]?.trim();
    return value === undefined || value === '' ? null : value;
  }

  integer(name: string, { fallback, min, max }: { fallback: number; min: number; max: number }): number {
    const value = this.text(name);
    if (value === null) return fallback;
    if (!/^\d{1,15}$/.test(value) || Number(value) < min || Number(value) > max) {
      throw new SettingsError(`${name} must be a whole number from ${min} to ${max}, not "${value}"`);
    }
    return Number(value);
  }

  choice<const T extends string>(name: string, choices: readonly T[], fallback: T): T {
    const value = this.text(name);
    if (value === null) return fallback;
    const choice = choices.find((candidate) => candidate === value.toLowerCase());
    if (choice === undefined)
      throw new SettingsError(`${name} must be one of ${choices.join(', ')}, not "${value}"`);
    return choice;
  }

  /** `on`/`off`, `true`/`false`, `1`/`0`, `yes`/`no`. */
  flag(name: string, fallback: boolean): boolean {
    const value = this.text(name)?.toLowerCase();
    if (value === undefined) return fallback;
    if (['on', 'true', '1', 'yes'].includes(value)) return true;
    if (['off', 'false', '0', 'no'].includes(value)) return false;
    throw new SettingsError(`${name} must be on or off, not "${value}"`);
  }

  /** Values separated by commas or blanks. */
  list(name: string): string[] {
    return (
      this.text(name)
        ?.split(/[\s,]+/)
        .filter(Boolean) ?? []
    );
  }

  /** An address with one of the given schemes (`https:`). The value is not repeated: it may hold a password. */
  url(name: string, protocols: readonly string[]): string | null {
    const value = this.text(name);
    if (value === null) return null;
    if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) {
      throw new SettingsError(
        `${name} must be an address that starts with ${protocols.map((p) => `${p}//`).join(' or ')}`,
      );
    }
    return value;
  }

  /** A value that `reason` makes necessary. */
  required(name: string, reason: string): string {
    const value = this.text(name);
    if (value === null) throw new SettingsError(`${name} must be set ${reason}`);
    return value;
  }
}
