import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { LimitsModule, RequestLimitsGuard } from '../limits/index.js';
import { AccessGuard } from '../shared/access/index.js';
import { UserPermissionGuard, UsersModule } from '../users/index.js';
import { AuthenticationGuard } from './authentication.guard.js';
import { PasswordLimitEndings } from './password-limit-endings.subscriber.js';
import { RegistrationController } from './registration.controller.js';
import { RegistrationService } from './registration.service.js';
import { SessionData } from './session-data.js';
import { SessionEndings } from './session-endings.subscriber.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { SignInService } from './sign-in.service.js';
import { SupportSessionsController } from './support-sessions.controller.js';
import { UserTokenStrategy } from './user-token.strategy.js';

/** Sessions, sign-up and sign-in, and the guards that close every route by default. */
@Module({
  imports: [UsersModule, LimitsModule],
  controllers: [RegistrationController, SessionsController, SupportSessionsController],
  providers: [
    SessionsRepository,
    SessionsService,
    SignInService,
    RegistrationService,
    SessionEndings,
    PasswordLimitEndings,
    SessionData,
    UserTokenStrategy,
    // In this order: who is it, is it too often, may such a one, may this one.
    { provide: APP_GUARD, useClass: AuthenticationGuard },
    { provide: APP_GUARD, useExisting: RequestLimitsGuard },
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_GUARD, useExisting: UserPermissionGuard },
  ],
  exports: [SessionsService],
})
export class AuthModule {}
