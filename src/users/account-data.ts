import { Injectable } from '@nestjs/common';
import { PersonalData } from '../shared/lib/personal-data.js';
import { AdminUserResource } from './user.resource.js';
import { UsersService } from './users.service.js';

/** The account itself. */
@Injectable()
export class AccountData extends PersonalData {
  readonly section = 'account';

  constructor(private readonly usersService: UsersService) {
    super();
  }

  override async of(userId: number): Promise<AdminUserResource> {
    return AdminUserResource.ofAll(await this.usersService.find(userId));
  }
}
