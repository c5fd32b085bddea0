import type { DynamicModule, Type } from '@nestjs/common';
import type { Schema } from './shared/database/data-source-options.js';

/** What an in-house team adds to the monolith: Nest modules, their entities, their migrations. See docs/extending.md. */
export interface Extension extends Partial<Schema> {
  readonly modules: (Type | DynamicModule)[];
}

/** Add yours here; nothing else needs to change. */
export const extensions: Extension[] = [];
