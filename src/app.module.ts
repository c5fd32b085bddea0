import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { AuditModule } from './audit/index.js';
import { AuthModule } from './auth/index.js';
import type { Extension } from './extensions.js';
import { LimitsModule } from './limits/index.js';
import { DevMessagesModule, MessagingModule } from './messaging/index.js';
import { NotificationsModule } from './notifications/index.js';
import { PasswordsModule } from './passwords/index.js';
import { schemaWith } from './schema.js';
import { BackgroundModule } from './shared/background/background.module.js';
import { SettingsModule } from './shared/config/settings.module.js';
import type { Settings } from './shared/config/settings.js';
import { DatabaseModule } from './shared/database/database.module.js';
import { ErrorsFilter } from './shared/http/errors.filter.js';
import { EventsModule } from './shared/events/events.module.js';
import { JsonInterceptor } from './shared/http/json.interceptor.js';
import { ObservabilityModule } from './shared/observability/observability.module.js';
import { ClockModule } from './shared/lib/clock.js';
import { RequestValidationPipe } from './shared/validation/validation.pipe.js';
import { UsersModule } from './users/index.js';
import { VerificationModule } from './verification/index.js';

/** The composition root: the only module that imports all others. */
@Module({})
export class AppModule {
  static with(settings: Settings, extensions: Extension[]): DynamicModule {
    return {
      module: AppModule,
      imports: [
        SettingsModule.with(settings),
        ClockModule,
        DatabaseModule.with(schemaWith(extensions)),
        EventsModule,
        ObservabilityModule,
        LimitsModule,
        BackgroundModule,
        MessagingModule,
        ...(settings.isProduction ? [] : [DevMessagesModule]),
        AuditModule,
        UsersModule,
        AuthModule,
        VerificationModule,
        PasswordsModule,
        NotificationsModule,
        ...extensions.flatMap(({ modules }) => modules),
      ],
      providers: [
        { provide: APP_PIPE, useClass: RequestValidationPipe },
        { provide: APP_INTERCEPTOR, useClass: JsonInterceptor },
        { provide: APP_FILTER, useClass: ErrorsFilter },
      ],
    };
  }
}
