import { Injectable } from '@nestjs/common';
import type { Actor } from '../shared/access/index.js';
import { Settings } from '../shared/config/settings.js';
import type { ValidationErrors } from '../shared/errors/index.js';
import { Clock } from '../shared/lib/clock.js';
import { messages, parsePhoneNumber, plainDate } from '../shared/validation/index.js';
import { PasswordPolicy } from './password/password-policy.js';
import type { AttributeChanges, User } from './user.entity.js';
import { UsersRepository } from './users.repository.js';

/** The values that were sent, normalised as they will be stored; the password is still in plain text. */
export type ProposedValues = Omit<AttributeChanges, 'passwordDigest'> & {
  readonly password?: string | undefined;
};

/** The rules that need other values, the actor, the settings or the database. Fields with errors are skipped. */
@Injectable()
export class UserRules {
  constructor(
    private readonly usersRepository: UsersRepository,
    private readonly passwordPolicy: PasswordPolicy,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /** @param current the account to change, or null for a new one */
  async check(
    values: ProposedValues,
    current: User | null,
    actor: Actor | null,
    errors: ValidationErrors,
  ): Promise<void> {
    const { email, phone, dateOfBirth } = values;
    if (email !== undefined && !errors.has('email') && email !== current?.email) {
      if (await this.usersRepository.isEmailTaken(email)) errors.add('email', messages.TAKEN);
    }
    this.checkPassword(values, current, errors);
    if (phone && !errors.has('phone') && !this.mayBeSentTo(phone, current))
      errors.add('phone', messages.NOT_ALLOWED);
    if (dateOfBirth && !errors.has('dateOfBirth') && dateOfBirth > plainDate(this.clock.now())) {
      errors.add('dateOfBirth', messages.IN_THE_FUTURE);
    }
    if (values.template && !errors.has('template') && !this.mayBeTemplate(current, actor)) {
      errors.add('template', messages.NOT_ALLOWED);
    }
  }

  private checkPassword(values: ProposedValues, current: User | null, errors: ValidationErrors): void {
    if (values.password === undefined || errors.has('password')) return;
    const known = (field: 'email' | 'firstName' | 'lastName'): string | undefined =>
      (errors.has(field) ? undefined : values[field]) ?? current?.[field];
    const owner = { email: known('email'), firstName: known('firstName'), lastName: known('lastName') };
    errors.add('password', ...this.passwordPolicy.problems(values.password, owner));
  }

  /** The number that an account already has stays allowed when SMS_ALLOWED_COUNTRIES changes. */
  private mayBeSentTo(phone: string, current: User | null): boolean {
    const { allowedCountries } = this.settings.sms;
    const number = parsePhoneNumber(phone);
    if (allowedCountries === null || number === null || number.e164 === current?.phoneE164) return true;
    return number.country !== null && allowedCountries.includes(number.country);
  }

  private mayBeTemplate(current: User | null, actor: Actor | null): boolean {
    if (current) return current.template || current.role !== 'admin';
    return this.settings.template.signup === 'open' || actor?.isAdmin === true;
  }
}
