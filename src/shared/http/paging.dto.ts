import { IsInteger } from '../validation/index.js';

export const DEFAULT_PAGE_SIZE = 50;
export const MAX_PAGE_SIZE = 200;

/** The query parameters of every list with pages. */
export class PageQuery {
  /**
   * Which page, from 1. Past the end is an empty list.
   * @example 1
   */
  @IsInteger({ min: 1, max: Number.MAX_SAFE_INTEGER, optional: true })
  page?: number;

  /**
   * Items on a page.
   * @example 25
   */
  @IsInteger({ min: 1, max: MAX_PAGE_SIZE, optional: true })
  pageSize?: number;
}

/** Page and page size with their defaults filled in. */
export class PageWindow {
  readonly page: number;
  readonly pageSize: number;

  constructor({ page, pageSize }: PageQuery) {
    this.page = page ?? 1;
    this.pageSize = pageSize ?? DEFAULT_PAGE_SIZE;
  }

  get offset(): number {
    return (this.page - 1) * this.pageSize;
  }
}

/** Some items of a list, and how many there are. */
export interface Page<T> {
  readonly items: T[];
  readonly totalCount: number;
}

export class PageMeta {
  /** @example 1 */
  page: number;
  /** @example 50 */
  pageSize: number;
  /** @example 3 */
  totalCount: number;
  /** @example 1 */
  totalPages: number;

  static of({ page, pageSize }: PageWindow, totalCount: number): PageMeta {
    return { page, pageSize, totalCount, totalPages: Math.ceil(totalCount / pageSize) };
  }
}
