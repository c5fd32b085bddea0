import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AccessLog } from './access-log.js';
import { DomainEvents } from './domain-events.js';
import { FailureLog } from './failure-log.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [DomainEvents, AccessLog, FailureLog],
  exports: [DomainEvents, AccessLog, FailureLog],
})
export class EventsModule {}
