import type { Limits } from './limit-settings.js';

export { SettingsError } from './settings-error.js';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Everything that can be set, read and checked once at start. Nothing else looks at the environment. */
export abstract class Settings {
  readonly environment: 'development' | 'test' | 'production';
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly logLevel: LogLevel;
  readonly database: {
    readonly url: string;
    /** Whether the schema is brought up to date at start. */
    readonly migrate: boolean;
    /** Connections to a MySQL server that one process holds at the most. */
    readonly poolSize: number;
  };
  readonly redisUrl: string | null;
  /** Keys the hashes of codes and the encryption of queued messages. */
  readonly appSecret: string;
  readonly audit: {
    /** Keys the HMACs of the audit log. */
    readonly secret: string;
    /** How long events are kept. */
    readonly retentionDays: number;
  };
  /** log2 of the rounds; hashes of another cost are renewed at sign-in. */
  readonly bcryptCost: number;
  /** false switches the limits off, but for the attempts of a code and the wrong codes a day. */
  readonly rateLimit: boolean;
  readonly limits: Limits;
  /** Addresses or CIDR ranges of the proxies whose X-Forwarded-For is believed. */
  readonly trustProxy: readonly string[];
  readonly corsOrigins: readonly string[];
  /** Whether Strict-Transport-Security is said for all subdomains, too. */
  readonly hstsIncludeSubDomains: boolean;
  /** How long requests are still taken after a signal to stop, in milliseconds. */
  readonly shutdownDelay: number;
  readonly mail: { readonly smtpUrl: string | null; readonly from: string };
  readonly sms: {
    readonly provider: 'log' | 'webhook' | 'twilio';
    /** ISO 3166-1 alpha-2; null is all. */
    readonly allowedCountries: readonly string[] | null;
    /** Whether codes may go to premium-rate, shared-cost and satellite numbers, among others. */
    readonly specialNumbers: boolean;
    /** SMS a day for all prefixes together, and for each one. */
    readonly dailyBudget: number;
    readonly dailyBudgetPerPrefix: number;
    readonly webhook: { readonly url: string; readonly secret: string } | null;
    readonly twilio: {
      readonly accountSid: string;
      readonly authToken: string;
      readonly from: string;
      readonly apiUrl: string | null;
    } | null;
    readonly androidAppHash: string | null;
    readonly webOtpDomain: string | null;
  };
  /** Whom to ask, for messages that say so: an address, a number or a URL. */
  readonly supportContact: string | null;
  readonly messages: {
    /** How long support can see what a person was sent. */
    readonly retentionDays: number;
  };
  /** null: the page that this server has itself. */
  readonly passwordResetUrl: string | null;
  readonly template: {
    /** Who may create template users. */
    readonly signup: 'open' | 'admin';
    /** The confirmation code of every template user: six digits. */
    readonly code: string;
  };
  readonly admin: { readonly email: string; readonly password: string } | null;

  get isProduction(): boolean {
    return this.environment === 'production';
  }
}
