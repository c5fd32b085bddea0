import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { Clock } from '../shared/lib/clock.js';
import { validate } from '../shared/validation/index.js';
import { ProfilesService } from './profiles.service.js';
import { CreateUserDto } from './users.dto.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

export interface AdministratorDetails {
  readonly email: string;
  readonly password: string;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
}

/** Creates administrators from the settings or the command line, without another administrator. */
@Injectable()
export class AdministratorsService {
  constructor(
    private readonly usersService: UsersService,
    private readonly profilesService: ProfilesService,
    private readonly usersRepository: UsersRepository,
    private readonly db: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  exists(): Promise<boolean> {
    return this.usersRepository.hasActiveAdmin();
  }

  /**
   * Makes sure that this administrator exists, is active and is confirmed. An existing account keeps its password.
   *
   * @throws RecordInvalid, for a template user under `base`
   */
  async ensure(details: AdministratorDetails): Promise<'created' | 'promoted' | 'unchanged'> {
    const { firstName = 'First', lastName = 'Administrator' } = details;
    const account = await validate(CreateUserDto, { user: { ...details, firstName, lastName } });
    const existing = account.errors.has('email')
      ? null
      : await this.usersRepository.findByEmail(account.values.user.email);
    if (existing) {
      if (existing.role === 'admin' && existing.active && existing.confirmed) return 'unchanged';
      await this.promote(existing.id);
      return 'promoted';
    }
    const user = await this.profilesService.build(account, null);
    // Confirmed before it is stored, so that no code is sent.
    user.confirm(this.clock.now());
    await this.db.run(async () => {
      await this.usersService.add(user);
      await this.promote(user.id);
    });
    return 'created';
  }

  private async promote(id: number): Promise<void> {
    await this.db.run(async () => {
      await this.usersService.changeRole(id, 'admin');
      await this.usersService.reactivate(id);
      await this.usersService.confirm(id);
    });
  }
}
