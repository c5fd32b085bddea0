import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { Clock } from '../shared/lib/clock.js';
import { RequestValidationPipe } from '../shared/validation/validation.pipe.js';
import { CreateUserDto } from './users.dto.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

export interface AdministratorDetails {
  readonly email: string;
  readonly password: string;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
}

/** Administrators that do not come from another administrator: from the settings or the command line. */
@Injectable()
export class AdministratorsService {
  constructor(
    private readonly users: UsersService,
    private readonly repository: UsersRepository,
    private readonly db: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  exists(): Promise<boolean> {
    return this.repository.hasActiveAdmin();
  }

  /**
   * Makes sure that this administrator exists, active and confirmed. The password of an account that is there already
   * stays as it is.
   *
   * @throws RecordInvalid, for a template user under `base`
   */
  async ensure(details: AdministratorDetails): Promise<'created' | 'promoted' | 'unchanged'> {
    const draft = await this.draft(details);
    const existing = draft.errors.has('email') ? null : await this.repository.findByEmail(draft.user.email);
    if (existing) {
      if (existing.role === 'admin' && existing.active && existing.confirmed) return 'unchanged';
      await this.promote(existing.id);
      return 'promoted';
    }
    const user = await this.users.build(draft, null);
    // Before it is stored: nobody has to be sent a code.
    user.confirm(this.clock.now());
    await this.db.run(async () => {
      await this.users.add(user);
      await this.promote(user.id);
    });
    return 'created';
  }

  private async promote(id: number): Promise<void> {
    await this.db.run(async () => {
      await this.users.changeRole(id, 'admin');
      await this.users.reactivate(id);
      await this.users.confirm(id);
    });
  }

  private async draft({
    email,
    password,
    firstName,
    lastName,
  }: AdministratorDetails): Promise<CreateUserDto> {
    const body = {
      user: { email, password, first_name: firstName ?? 'First', last_name: lastName ?? 'Administrator' },
    };
    return (await new RequestValidationPipe().transform(body, {
      type: 'body',
      metatype: CreateUserDto,
    })) as CreateUserDto;
  }
}
