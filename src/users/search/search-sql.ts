import type { Condition } from './search-conditions.js';

/**
 * MySQL joins at most 61 tables, and each subquery of an IN becomes one. So many narrow the search down to few accounts;
 * what else must hold is looked up for each of these.
 */
const MAX_SUBQUERIES = 8;

const LAST_CODE_POINT = 0x10ffff;

/** A condition on `user.id`, and the values of its parameters. */
export class SearchSql {
  readonly parameters: Record<string, string> = {};
  readonly where: string;

  constructor(conditions: readonly Condition[]) {
    const driving = conditions
      .filter((condition) => 'begins' in condition)
      .toSorted((a, b) => selectivity(b) - selectivity(a))
      .slice(0, MAX_SUBQUERIES);
    const first = driving.length > 0 ? driving : conditions.slice(0, 1);
    const others = conditions.filter((condition) => !(first as readonly Condition[]).includes(condition));
    this.where = [
      ...first.map((condition) => `user.id IN (${this.select(condition)})`),
      ...others.map((condition) => this.lookUp(condition, 'user.id')),
    ].join(' AND ');
  }

  /** The ids of the accounts for which a condition holds. */
  private select(condition: Condition): string {
    if ('begins' in condition) {
      return `SELECT term.user_id FROM user_search_terms term WHERE ${this.ranges(condition.begins)}`;
    }
    if ('any' in condition) {
      const alternatives = condition.any.map((alternative) => this.select(alternative)).join(' UNION ');
      return `SELECT found.user_id FROM (${alternatives}) found`;
    }
    const [first, ...others] = condition.all.toSorted((a, b) => selectivity(b) - selectivity(a));
    const wheres = others.map((other) => this.lookUp(other, 'one.user_id'));
    return `SELECT one.user_id FROM (${this.select(first!)}) one WHERE ${wheres.join(' AND ')}`;
  }

  /** Whether a condition holds for one account. A count, because an EXISTS would become one more table of the join. */
  private lookUp(condition: Condition, userId: string): string {
    if ('begins' in condition) {
      return `(SELECT COUNT(*) FROM user_search_terms term WHERE term.user_id = ${userId} AND ${this.ranges(condition.begins)}) > 0`;
    }
    const [parts, operator] = 'all' in condition ? [condition.all, ' AND '] : [condition.any, ' OR '];
    return `(${parts.map((part) => this.lookUp(part, userId)).join(operator)})`;
  }

  /** Ranges of the index: LIKE would not be one on SQLite, and has wildcards. */
  private ranges(beginnings: readonly string[]): string {
    return `(${beginnings.map((beginning) => this.range(beginning)).join(' OR ')})`;
  }

  private range(beginning: string): string {
    const from = this.parameter(beginning);
    const end = following(beginning);
    return `(term.term >= ${from}${end === null ? '' : ` AND term.term < ${this.parameter(end)}`})`;
  }

  private parameter(value: string): string {
    const name = `term${Object.keys(this.parameters).length}`;
    this.parameters[name] = value;
    return `:${name}`;
  }
}

/** How few accounts a condition leaves, roughly: the more, the longer its shortest beginning is. */
function selectivity(condition: Condition): number {
  return 'begins' in condition ? Math.min(...condition.begins.map(({ length }) => length)) : 0;
}

/** The first text, in the order of code points, that is behind everything that begins like this; null where none is. */
function following(beginning: string): string | null {
  const codePoints = Array.from(beginning, (character) => character.codePointAt(0)!);
  while (codePoints.at(-1) === LAST_CODE_POINT) codePoints.pop();
  const last = codePoints.pop();
  if (last === undefined) return null;
  // Behind U+D7FF are the surrogates, which no text holds.
  return String.fromCodePoint(...codePoints, last === 0xd7ff ? 0xe000 : last + 1);
}
