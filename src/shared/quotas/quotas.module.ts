import { Global, Module } from '@nestjs/common';
import { QuotaRetention } from './quota-retention.js';
import { QuotasRepository } from './quotas.repository.js';
import { Quotas } from './quotas.service.js';

@Global()
@Module({ providers: [QuotasRepository, Quotas, QuotaRetention], exports: [Quotas] })
export class QuotasModule {}
