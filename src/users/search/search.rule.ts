import { trimEnds } from '../../shared/lib/text.js';
import { Rule, textProblem } from '../../shared/validation/index.js';

const MAX_LENGTH = 254;

/**
 * An optional search. White space alone is none; anything else is one, even where it folds to nothing: a mark without a
 * letter finds nobody rather than everybody.
 */
export function IsSearch(): PropertyDecorator {
  return Rule({
    name: 'search',
    read: (value) =>
      typeof value === 'string' ? trimEnds(value).replace(/[\s\p{Z}\u0085]+/gu, ' ') || undefined : value,
    check: (value) => textProblem(value, { max: MAX_LENGTH, optional: true }),
    schema: { type: 'string', maxLength: MAX_LENGTH },
  });
}
