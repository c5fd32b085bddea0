import { Injectable } from '@nestjs/common';
import type { Role } from '../shared/access/index.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { NotFound, RecordInvalid } from '../shared/errors/index.js';
import { AccessLog } from '../shared/events/access-log.js';
import { DomainEvents } from '../shared/events/domain-events.js';
import { Clock } from '../shared/lib/clock.js';
import { messages } from '../shared/validation/index.js';
import type { User } from './user.entity.js';
import {
  ClinicalApprovalGranted,
  ClinicalApprovalWithdrawn,
  eventsOf,
  PasswordReset,
  RoleChanged,
  UserCancelled,
  UserConfirmed,
  UserCreated,
  UserDeleted,
  UserReactivated,
} from './user.events.js';
import { UsersRepository } from './users.repository.js';

/** Accounts from their creation to their deletion. */
@Injectable()
export class UsersService {
  constructor(
    private readonly usersRepository: UsersRepository,
    private readonly events: DomainEvents,
    private readonly accessLog: AccessLog,
    private readonly db: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** @throws NotFound */
  async find(id: number): Promise<User> {
    const user = await this.findOrNull(id);
    if (!user) throw new NotFound();
    return user;
  }

  findOrNull(id: number): Promise<User | null> {
    return this.usersRepository.find(id);
  }

  /** @param email trimmed and in lower case */
  findByEmail(email: string): Promise<User | null> {
    return this.usersRepository.findByEmail(email);
  }

  hasAccount(email: string): Promise<boolean> {
    return this.usersRepository.isEmailTaken(email);
  }

  /**
   * Finds an account that the actor asked to see. The audit log records it, unless the account is the actor's own.
   *
   * @throws NotFound
   */
  async show(id: number): Promise<User> {
    const user = await this.find(id);
    await this.accessLog.read(id);
    return user;
  }

  /**
   * Finds an account and locks it until the caller's unit of work ends.
   *
   * @throws NotFound
   */
  lock(id: number): Promise<User> {
    return this.usersRepository.lock(id);
  }

  /** @throws RecordInvalid when the address has been taken since it was checked */
  async add(user: User): Promise<void> {
    await this.db.run(async () => {
      await this.usersRepository.insert(user);
      await this.events.publish(new UserCreated(user.id));
    });
  }

  /**
   * Records a sign-in, unless the password was changed or the account cancelled since the password was compared.
   *
   * @returns whether the sign-in was recorded
   */
  recordSignIn(user: User, now: Date): Promise<boolean> {
    return this.usersRepository.recordSignIn(user, now);
  }

  /** Replaces an outdated digest by a new digest of the same password. */
  renewDigest(user: User, passwordDigest: string): Promise<void> {
    return this.usersRepository.renewDigest(user, passwordDigest);
  }

  /**
   * Stores the password that the user chose with a reset link.
   *
   * @throws NotFound
   */
  resetPassword(id: number, passwordDigest: string): Promise<User> {
    return this.modify(id, (user) => [
      ...eventsOf(id, user.change({ passwordDigest })),
      new PasswordReset(id),
    ]);
  }

  /** Marks the account as confirmed: the user has proved that the code channel is theirs. */
  confirm(id: number): Promise<User> {
    return this.modify(id, (user, now) => {
      if (user.confirmed) return [];
      user.confirm(now);
      return [new UserConfirmed(id)];
    });
  }

  /** Cancels the account. Repeating it changes nothing. */
  cancel(id: number): Promise<User> {
    return this.modify(id, async (user, now) => {
      if (!user.active) return [];
      await this.keepAnAdmin(user);
      const { approvalWithdrawn } = user.cancel(now);
      return [new UserCancelled(id), ...(approvalWithdrawn ? [new ClinicalApprovalWithdrawn(id)] : [])];
    });
  }

  reactivate(id: number): Promise<User> {
    return this.modify(id, (user) => {
      if (user.active) return [];
      user.reactivate();
      return [new UserReactivated(id)];
    });
  }

  changeRole(id: number, role: Role): Promise<User> {
    return this.modify(id, async (user) => {
      if (user.role === role) return [];
      if (role === 'admin' && user.template) throw RecordInvalid.on('base', messages.NOT_ALLOWED);
      if (role !== 'admin') await this.keepAnAdmin(user);
      user.role = role;
      return [new RoleChanged(id, role)];
    });
  }

  /** Grants or withdraws the clinical approval. */
  approveClinical(id: number, approved: boolean): Promise<User> {
    return this.modify(id, (user) => {
      if (!approved) return user.withdrawApproval() ? [new ClinicalApprovalWithdrawn(id)] : [];
      if (!user.mayBeApproved) throw RecordInvalid.on('base', messages.NOT_ALLOWED);
      if (user.clinicalApproved) return [];
      user.clinicalApproved = true;
      return [new ClinicalApprovalGranted(id)];
    });
  }

  /** Deletes the account and, through the foreign keys, every row that belongs to it. */
  async delete(id: number): Promise<void> {
    await this.db.run(async () => {
      const user = await this.usersRepository.lock(id);
      await this.keepAnAdmin(user);
      await this.events.publish(new UserDeleted(id));
      await this.usersRepository.delete(id);
    });
  }

  /**
   * Changes an account under its lock. `change` returns the events to publish. If there are none, nothing is written,
   * `updatedAt` stays, and the audit log records a read.
   *
   * @throws NotFound
   */
  modify(id: number, change: (user: User, now: Date) => object[] | Promise<object[]>): Promise<User> {
    return this.db.run(async () => {
      const user = await this.usersRepository.lock(id);
      const now = this.clock.now();
      const events = await change(user, now);
      if (events.length === 0) {
        await this.accessLog.read(id);
        return user;
      }
      user.updatedAt = now;
      await this.usersRepository.save(user);
      for (const event of events) await this.events.publish(event);
      return user;
    });
  }

  /** @throws RecordInvalid if this user is the last active administrator */
  private async keepAnAdmin(user: User): Promise<void> {
    if (user.role !== 'admin' || !user.active) return;
    const admins = await this.usersRepository.lockActiveAdmins();
    if (admins.every((id) => id === user.id)) throw RecordInvalid.on('base', messages.NOT_ALLOWED);
  }
}
