import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { LimitsModule } from '../limits/index.js';
import { AccountData } from './account-data.js';
import { AdministratorsService } from './administrators.service.js';
import { BcryptPasswordHasher } from './password/bcrypt-password-hasher.js';
import { CurrentPasswordService } from './password/current-password.service.js';
import { PasswordHasher } from './password/password-hasher.js';
import { DefaultPasswordPolicy, PasswordPolicy } from './password/password-policy.js';
import { PersonalDataExportService } from './personal-data-export.service.js';
import { ProfilesService } from './profiles.service.js';
import { SearchTermsRepository } from './search/search-terms.repository.js';
import { TemplateUsersService } from './template-users.service.js';
import { UserDirectoryService } from './user-directory.service.js';
import { UserListRepository } from './user-list.repository.js';
import { UserPermissionGuard } from './user-permission.guard.js';
import { UserRules } from './user-rules.js';
import { UsersController } from './users.controller.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

/** Accounts and their passwords. Sessions, codes and resets are modules of their own that listen to its events. */
@Module({
  imports: [DiscoveryModule, LimitsModule],
  controllers: [UsersController],
  providers: [
    UsersRepository,
    UserListRepository,
    SearchTermsRepository,
    UsersService,
    ProfilesService,
    CurrentPasswordService,
    UserDirectoryService,
    UserRules,
    UserPermissionGuard,
    AdministratorsService,
    TemplateUsersService,
    AccountData,
    PersonalDataExportService,
    { provide: PasswordHasher, useClass: BcryptPasswordHasher },
    { provide: PasswordPolicy, useClass: DefaultPasswordPolicy },
  ],
  exports: [
    AdministratorsService,
    PersonalDataExportService,
    ProfilesService,
    TemplateUsersService,
    UsersService,
    UserPermissionGuard,
    PasswordHasher,
    PasswordPolicy,
  ],
})
export class UsersModule {}
