import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { LogLevel } from '../config/settings.js';

/** Keys that are redacted in every log entry, down to the third level. */
const SECRET_KEYS = [
  'password',
  'passwordDigest',
  'currentPassword',
  'token',
  'code',
  'confirmationCode',
  'email',
  'phone',
  'firstName',
  'lastName',
  'dateOfBirth',
  'body',
  'headers',
  'query',
  'parameters',
];

/** Only what helps to find the cause: messages of database errors repeat values, and their queries the parameters. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, errno, driverError } = error as Error & {
    code?: string;
    errno?: number;
    driverError?: Error;
  };
  const fromDatabase =
    driverError !== undefined || errno !== undefined || code?.startsWith('SQLITE_') === true;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: error.constructor.name,
    // Not `code`: that key is redacted, for confirmation codes.
    errorCode: code ?? (driverError as { code?: string } | undefined)?.code,
    errno,
    message: fromDatabase ? undefined : error.message,
    stack: frames.join('\n'),
    cause: error.cause === undefined ? undefined : describeError(error.cause),
  };
}

/** Writes JSON to standard output, or coloured text to a terminal. */
export function createLogger(
  level: LogLevel,
  { pretty }: { pretty: boolean },
  destination?: DestinationStream,
): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
  };
  if (destination) return pino(options, destination);
  if (!pretty) return pino(options);
  return pino({
    ...options,
    // A formatter of levels can't be used with a transport, which works in another thread.
    formatters: {},
    transport: { target: 'pino-pretty', options: { translateTime: 'SYS:HH:MM:ss', ignore: 'context' } },
  });
}

/** Passes Nest's messages and those of `new Logger(context)` to pino. Nest's start-up messages have the level debug. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    const isStartUp = typeof context === 'string' && FRAMEWORK_CONTEXTS.has(context);
    this.write(isStartUp ? 'debug' : 'info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Nest puts the context last; fields may come first, with the message second. */
  private write(
    level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal',
    message: unknown,
    rest: unknown[],
  ): void {
    const context = rest.at(-1);
    const texts = rest.slice(0, -1).filter((text) => typeof text === 'string');
    if (message instanceof Error) this.logger[level]({ context, err: message }, 'error');
    else if (typeof message === 'object' && message !== null)
      this.logger[level]({ context, ...message }, texts[0] ?? '');
    else this.logger[level]({ context }, String(message));
  }
}

const FRAMEWORK_CONTEXTS = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);
