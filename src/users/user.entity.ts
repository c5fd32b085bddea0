import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { Role } from '../shared/access/index.js';
import { Flag, Moment } from '../shared/database/columns.js';
import { folded, parsePhoneNumber } from '../shared/validation/index.js';

/** What a person, or an administrator, may change of an account. */
export interface UserAttributes {
  email: string;
  passwordDigest: string;
  firstName: string;
  lastName: string;
  phone: string | null;
  dateOfBirth: string | null;
  language: string;
  clinical: boolean;
  template: boolean;
}

/** Where codes go to. */
export interface CodeChannel {
  readonly channel: 'sms' | 'email';
  /** In E.164, or an e-mail address. */
  readonly destination: string;
}

const KEY_LENGTH = 100;

/** An account. Its moments are set from the application's clock by whoever changes it. */
@Entity('users')
@Index('users_email_unique', ['email'], { unique: true })
@Index('users_first_name_key', ['firstNameKey'])
@Index('users_last_name_key', ['lastNameKey'])
@Index('users_phone_e164', ['phoneE164'])
@Index('users_role', ['role', 'active'])
@Index('users_created_at', ['createdAt'])
@Index('users_updated_at', ['updatedAt'])
export class User {
  @PrimaryGeneratedColumn({ unsigned: true })
  id: number;

  @Column({ type: 'varchar', length: 254 })
  email: string;

  @Column({ type: 'varchar', length: 100 })
  passwordDigest: string;

  @Column({ type: 'varchar', length: 100 })
  firstName: string;

  @Column({ type: 'varchar', length: 100 })
  lastName: string;

  /** The names as they are searched and sorted. */
  @Column({ type: 'varchar', length: KEY_LENGTH })
  firstNameKey: string;

  @Column({ type: 'varchar', length: KEY_LENGTH })
  lastNameKey: string;

  /** As it was written. */
  @Column({ type: 'varchar', length: 40, nullable: true })
  phone: string | null;

  /** As it is sent to and searched. */
  @Column({ type: 'varchar', length: 16, nullable: true })
  phoneE164: string | null;

  @Column({ type: 'date', nullable: true })
  dateOfBirth: string | null;

  @Column({ type: 'varchar', length: 64 })
  language: string;

  @Column({ type: 'varchar', length: 16 })
  role: Role;

  @Flag()
  active: boolean;

  /** Declared by the person; grants nothing by itself. */
  @Flag()
  clinical: boolean;

  /** Granted by an administrator. */
  @Flag()
  clinicalApproved: boolean;

  @Flag()
  confirmed: boolean;

  @Flag()
  template: boolean;

  @Flag()
  nativeSignup: boolean;

  @Moment()
  createdAt: Date;

  @Moment()
  updatedAt: Date;

  @Moment({ nullable: true })
  confirmedAt: Date | null;

  @Moment({ nullable: true })
  cancelledAt: Date | null;

  @Moment({ nullable: true })
  lastSignInAt: Date | null;

  /** A new account: a parent, active, not confirmed. */
  static signUp(
    attributes: UserAttributes,
    { nativeSignup, now }: { nativeSignup: boolean; now: Date },
  ): User {
    const user = Object.assign(new User(), {
      role: 'parent' as const,
      active: true,
      clinicalApproved: false,
      confirmed: false,
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

  /** Codes go to the phone, or to the e-mail address where there is no phone. */
  get codeChannel(): CodeChannel {
    return this.phoneE164 === null
      ? { channel: 'email', destination: this.email }
      : { channel: 'sms', destination: this.phoneE164 };
  }

  /** Whether it may act for clinicians: declared, approved, and nothing taken back since. */
  get isApprovedClinical(): boolean {
    return this.active && this.clinical && this.clinicalApproved;
  }

  /**
   * Takes new values over, with all that follows from them: a new value of the code channel, and a template user that
   * becomes a real one, must be confirmed again; who is clinical no more has no approval.
   *
   * @returns the names of what is different now
   */
  change(attributes: Partial<UserAttributes>): Set<keyof UserAttributes> {
    const { channel, destination } =
      this.email === undefined ? { channel: null, destination: null } : this.codeChannel;
    const wasTemplate = this.template;
    const changed = new Set<keyof UserAttributes>();
    for (const [name, value] of Object.entries(attributes) as [keyof UserAttributes, never][]) {
      if (value === undefined || this[name] === value) continue;
      this[name] = value;
      changed.add(name);
    }
    this.firstNameKey = searchKey(this.firstName);
    this.lastNameKey = searchKey(this.lastName);
    this.phoneE164 = this.phone === null ? null : (parsePhoneNumber(this.phone)?.e164 ?? null);
    if (!this.clinical || this.template) this.clinicalApproved = false;
    const now = this.codeChannel;
    if (now.channel !== channel || now.destination !== destination || (wasTemplate && !this.template))
      this.unconfirm();
    return changed;
  }

  confirm(now: Date): void {
    this.confirmed = true;
    this.confirmedAt = now;
  }

  cancel(now: Date): void {
    this.active = false;
    this.cancelledAt = now;
    this.clinicalApproved = false;
  }

  reactivate(): void {
    this.active = true;
    this.cancelledAt = null;
  }

  private unconfirm(): void {
    this.confirmed = false;
    this.confirmedAt = null;
  }
}

/** Cut, because compatibility forms can be many times as long as what they stand for. */
function searchKey(name: string): string {
  return [...folded(name)].slice(0, KEY_LENGTH).join('');
}
