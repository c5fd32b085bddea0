import { Column, type ColumnOptions } from 'typeorm';

/** A moment in UTC to the millisecond. */
export function Moment(options: Pick<ColumnOptions, 'nullable'> = {}): PropertyDecorator {
  return Column({ type: 'datetime', precision: 3, ...options });
}

/** A boolean. It has no default in the database: whoever makes a row says what it is. */
export function Flag(): PropertyDecorator {
  return Column({ type: 'boolean' });
}
