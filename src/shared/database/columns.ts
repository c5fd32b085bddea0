import { Column, type ColumnOptions } from 'typeorm';

/** A moment in UTC to the millisecond. */
export function Moment(options: Pick<ColumnOptions, 'nullable'> = {}): PropertyDecorator {
  return Column({ type: 'datetime', precision: 3, ...options });
}

/** A boolean without a default in the database: every insert sets it. */
export function Flag(): PropertyDecorator {
  return Column({ type: 'boolean' });
}
