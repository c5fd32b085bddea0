export class HealthResource {
  /** @example "ok" */
  status: string;
}
