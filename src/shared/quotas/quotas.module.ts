import { Global, Module } from '@nestjs/common';
import { QuotasRepository } from './quotas.repository.js';
import { Quotas } from './quotas.service.js';

@Global()
@Module({ providers: [QuotasRepository, Quotas], exports: [Quotas] })
export class QuotasModule {}
