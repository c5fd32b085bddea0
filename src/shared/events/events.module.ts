import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AccessLog } from './access-log.js';
import { DomainEvents } from './domain-events.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [DomainEvents, AccessLog],
  exports: [DomainEvents, AccessLog],
})
export class EventsModule {}
