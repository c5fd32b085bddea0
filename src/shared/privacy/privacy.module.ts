import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { PersonalDataExport } from './personal-data.js';

@Global()
@Module({ imports: [DiscoveryModule], providers: [PersonalDataExport], exports: [PersonalDataExport] })
export class PrivacyModule {}
