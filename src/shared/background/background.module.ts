import { Global, Module } from '@nestjs/common';
import { BackgroundJobs } from './background-jobs.js';
import { CleanUp } from './clean-up.js';

@Global()
@Module({ providers: [BackgroundJobs, CleanUp], exports: [BackgroundJobs, CleanUp] })
export class BackgroundModule {}
