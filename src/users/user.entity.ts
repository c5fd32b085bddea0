import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { Role } from '../shared/access/index.js';
import { Flag, Moment } from '../shared/database/columns.js';
import { folded } from '../shared/lib/folding.js';
import { parsePhoneNumber } from '../shared/lib/phone-number.js';

/** Where confirmation codes are sent. */
export interface CodeChannel {
  readonly channel: 'sms' | 'email';
  /** In E.164, or an e-mail address. */
  readonly destination: string;
}

export const DEFAULT_LANGUAGE = 'en';
const KEY_LENGTH = 100;

/**
 * What a person or an administrator may change of an account. Sign-up and update copy every column of this class from
 * the DTO; a column that need not be sent has an initial value.
 */
export abstract class UserAttributes {
  @Column({ type: 'varchar', length: 254 })
  email: string;

  @Column({ type: 'varchar', length: 100 })
  passwordDigest: string;

  @Column({ type: 'varchar', length: 100 })
  firstName: string;

  @Column({ type: 'varchar', length: 100 })
  lastName: string;

  /** As the user wrote it. */
  @Column({ type: 'varchar', length: 40, nullable: true })
  phone: string | null = null;

  @Column({ type: 'date', nullable: true })
  dateOfBirth: string | null = null;

  @Column({ type: 'varchar', length: 64 })
  language: string = DEFAULT_LANGUAGE;

  /** Declared by the user; grants nothing without `clinicalApproved`. */
  @Flag()
  clinical: boolean = false;

  @Flag()
  template: boolean = false;
}

export type AttributeName = keyof UserAttributes;

/** Values that were sent; undefined means not sent. */
export type AttributeChanges = { readonly [Name in AttributeName]?: UserAttributes[Name] | undefined };

/** The values of a new account: these four are required. */
export type NewUserAttributes = AttributeChanges &
  Readonly<Pick<UserAttributes, 'email' | 'passwordDigest' | 'firstName' | 'lastName'>>;

/** The consequences of a change. */
export interface UserChange {
  /** The names of the attributes whose values differ from before; empty when nothing changed. */
  readonly changed: readonly AttributeName[];
  /** The former e-mail address, if it changed. */
  readonly previousEmail: string | null;
  /** The former number in E.164, if it changed or was removed; undefined if not. */
  readonly previousPhone: string | null | undefined;
  /** The account must be confirmed again: its code channel changed, or a template user became a real one. */
  readonly confirmationWithdrawn: boolean;
  /** The code channel is back at the value that was confirmed last. */
  readonly confirmationRestored: boolean;
  /** A clinical approval was lost: the user is no longer clinical, or has become a template user. */
  readonly approvalWithdrawn: boolean;
}

/** An account. Its timestamps come from the application's clock, not from the database. */
@Entity('users')
@Index('users_email_unique', ['email'], { unique: true })
@Index('users_first_name_key', ['firstNameKey'])
@Index('users_last_name_key', ['lastNameKey'])
@Index('users_phone_e164', ['phoneE164'])
@Index('users_role', ['role', 'active'])
@Index('users_created_at', ['createdAt'])
@Index('users_updated_at', ['updatedAt'])
export class User extends UserAttributes {
  @PrimaryGeneratedColumn({ unsigned: true })
  id: number;

  /** The names in the folded form that is sorted by. */
  @Column({ type: 'varchar', length: KEY_LENGTH })
  firstNameKey: string;

  @Column({ type: 'varchar', length: KEY_LENGTH })
  lastNameKey: string;

  /** The phone number in E.164: the form that messages are sent to and that is searched. */
  @Column({ type: 'varchar', length: 16, nullable: true })
  phoneE164: string | null;

  @Column({ type: 'varchar', length: 16 })
  role: Role;

  @Flag()
  active: boolean;

  /** Granted by an administrator. */
  @Flag()
  clinicalApproved: boolean;

  @Flag()
  confirmed: boolean;

  /** Where the code went that was entered last: a number in E.164 or an address. Going back there needs no new code. */
  @Column({ type: 'varchar', length: 254, nullable: true })
  confirmedDestination: string | null;

  /** A code or a link that went to the present e-mail address was used. */
  @Column({ type: 'boolean', default: false })
  emailProved: boolean;

  @Flag()
  nativeSignup: boolean;

  @Moment()
  createdAt: Date;

  @Moment()
  updatedAt: Date;

  /** When it was confirmed last; it need not be confirmed any more. */
  @Moment({ nullable: true })
  confirmedAt: Date | null;

  @Moment({ nullable: true })
  cancelledAt: Date | null;

  @Moment({ nullable: true })
  lastSignInAt: Date | null;

  /** Makes a new account: a parent, active and unconfirmed. */
  static signUp(
    attributes: NewUserAttributes,
    { nativeSignup, now }: { nativeSignup: boolean; now: Date },
  ): User {
    const user = Object.assign(new User(), {
      phoneE164: null,
      role: 'parent' as const,
      active: true,
      clinicalApproved: false,
      confirmed: false,
      confirmedDestination: null,
      emailProved: false,
      nativeSignup,
      createdAt: now,
      updatedAt: now,
      confirmedAt: null,
      cancelledAt: null,
      lastSignInAt: null,
    });
    user.change(attributes);
    return user;
  }

  /** Codes are sent to the phone, or to the e-mail address if there is no phone number. */
  get codeChannel(): CodeChannel {
    return this.phoneE164 === null
      ? { channel: 'email', destination: this.email }
      : { channel: 'sms', destination: this.phoneE164 };
  }

  /** Whether the user has the rights of an approved clinical user. */
  get isApprovedClinical(): boolean {
    return this.active && this.clinical && this.clinicalApproved;
  }

  /** Whether an administrator may approve the user as clinical. */
  get mayBeApproved(): boolean {
    return this.confirmed && this.active && this.clinical && !this.template;
  }

  /**
   * Applies new values and returns the consequences. This is the only place that decides whether an account must be
   * confirmed again and whether it loses its approval.
   */
  change(attributes: AttributeChanges): UserChange {
    const before = {
      email: this.email,
      template: this.template,
      phoneE164: this.phoneE164,
      destination: this.codeChannel.destination,
    };
    const changed = this.assign(attributes);
    this.firstNameKey = searchKey(this.firstName);
    this.lastNameKey = searchKey(this.lastName);
    this.phoneE164 = this.phone === null ? null : (parsePhoneNumber(this.phone)?.e164 ?? null);
    if (this.email !== before.email) this.emailProved = false;
    const becameReal = before.template && !this.template;
    // Every template user has the same code: entering it proved nothing.
    if (becameReal) this.confirmedDestination = null;
    const { destination } = this.codeChannel;
    const isNewChannel = destination !== before.destination;
    const confirmationRestored = isNewChannel && destination === this.confirmedDestination;
    const confirmationWithdrawn = (isNewChannel || becameReal) && !confirmationRestored;
    if (isNewChannel || becameReal) this.confirmed = confirmationRestored;
    return {
      changed,
      previousEmail: this.email === before.email ? null : before.email,
      previousPhone: this.phoneE164 === before.phoneE164 ? undefined : before.phoneE164,
      confirmationWithdrawn,
      confirmationRestored,
      approvalWithdrawn: (!this.clinical || this.template) && this.withdrawApproval(),
    };
  }

  /** A code that went to the channel was entered. */
  confirm(now: Date): void {
    this.confirmed = true;
    this.confirmedAt = now;
    const { channel, destination } = this.codeChannel;
    this.confirmedDestination = destination;
    if (channel === 'email') this.emailProved = true;
  }

  /**
   * A link that went to the address was used. An account whose codes go there is confirmed by that. An account whose
   * codes go to a phone loses its confirmation by the first proof: the person who set that phone may not own the address.
   */
  proveEmail(now: Date): 'confirmed' | 'withdrawn' | 'unchanged' {
    const isFirstProof = !this.emailProved;
    this.emailProved = true;
    if (this.codeChannel.channel === 'email') {
      if (this.confirmed) return 'unchanged';
      this.confirm(now);
      return 'confirmed';
    }
    if (!isFirstProof) return 'unchanged';
    this.confirmedDestination = null;
    const wasConfirmed = this.confirmed;
    this.confirmed = false;
    return wasConfirmed ? 'withdrawn' : 'unchanged';
  }

  /** Cancelling also withdraws a clinical approval. */
  cancel(now: Date): Pick<UserChange, 'approvalWithdrawn'> {
    this.active = false;
    this.cancelledAt = now;
    return { approvalWithdrawn: this.withdrawApproval() };
  }

  reactivate(): void {
    this.active = true;
    this.cancelledAt = null;
  }

  /** @returns whether there was an approval */
  withdrawApproval(): boolean {
    const wasApproved = this.clinicalApproved;
    this.clinicalApproved = false;
    return wasApproved;
  }

  /** @returns the names of the attributes whose values differ from before */
  private assign(attributes: AttributeChanges): AttributeName[] {
    const names = Object.keys(attributes) as AttributeName[];
    const changed = names.filter((name) => attributes[name] !== undefined && attributes[name] !== this[name]);
    Object.assign(this, Object.fromEntries(changed.map((name) => [name, attributes[name]])));
    return changed;
  }
}

/** Truncated, because NFKD can make a text many times as long. */
export function searchKey(name: string): string {
  return [...folded(name)].slice(0, KEY_LENGTH).join('');
}
