import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { LimitsModule, RequestLimitsGuard } from '../limits/index.js';
import { AccessGuard } from '../shared/access/index.js';
import { UserPermissionGuard, UsersModule } from '../users/index.js';
import { AuthenticationGuard } from './authentication.guard.js';
import { PasswordAttemptsSubscriber } from './password-attempts.subscriber.js';
import { RegistrationController } from './registration.controller.js';
import { RegistrationService } from './registration.service.js';
import { SessionData } from './session-data.js';
import { SessionsSubscriber } from './sessions.subscriber.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { SignInService } from './sign-in.service.js';
import { SupportSessionsController } from './support-sessions.controller.js';
import { SessionTokenStrategy } from './session-token.strategy.js';

/** Sessions, sign-up and sign-in, and the guards that close every route by default. */
@Module({
  imports: [UsersModule, LimitsModule],
  controllers: [RegistrationController, SessionsController, SupportSessionsController],
  providers: [
    SessionsRepository,
    SessionsService,
    SignInService,
    RegistrationService,
    SessionsSubscriber,
    PasswordAttemptsSubscriber,
    SessionData,
    SessionTokenStrategy,
    // In this order: who is it, is it too often, may such a one, may this one.
    { provide: APP_GUARD, useClass: AuthenticationGuard },
    { provide: APP_GUARD, useExisting: RequestLimitsGuard },
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_GUARD, useExisting: UserPermissionGuard },
  ],
  exports: [SessionsService],
})
export class AuthModule {}
