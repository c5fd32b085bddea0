import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { BackgroundJobs } from './background-jobs.js';
import { CleanUp } from './clean-up.js';

/** Finds its jobs by their decorators, so that the application alone imports it. */
@Module({ imports: [DiscoveryModule], providers: [BackgroundJobs, CleanUp] })
export class BackgroundModule {}
