import { Module } from '@nestjs/common';
import { AccountData } from './account-data.js';
import { DiscoveryModule } from '@nestjs/core';
import { AdministratorsService } from './administrators.service.js';
import { PersonalDataExport } from './personal-data-export.service.js';
import { BcryptPasswordHasher } from './password/bcrypt-password-hasher.js';
import { PasswordHasher } from './password/password-hasher.js';
import { DefaultPasswordPolicy, PasswordPolicy } from './password/password-policy.js';
import { TemplateUsersService } from './template-users.service.js';
import { UserDirectory } from './user-directory.service.js';
import { UserPermissionGuard } from './user-permission.guard.js';
import { UserRules } from './user-rules.js';
import { UsersController } from './users.controller.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

/** The account and its password digest. Knows nothing of sessions, codes or resets: those listen to its events. */
@Module({
  imports: [DiscoveryModule],
  controllers: [UsersController],
  providers: [
    UsersRepository,
    UsersService,
    UserDirectory,
    UserRules,
    UserPermissionGuard,
    AdministratorsService,
    TemplateUsersService,
    AccountData,
    PersonalDataExport,
    { provide: PasswordHasher, useClass: BcryptPasswordHasher },
    { provide: PasswordPolicy, useClass: DefaultPasswordPolicy },
  ],
  exports: [
    AdministratorsService,
    PersonalDataExport,
    TemplateUsersService,
    UsersRepository,
    UsersService,
    UserPermissionGuard,
    PasswordHasher,
    PasswordPolicy,
  ],
})
export class UsersModule {}
