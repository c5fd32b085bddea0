import { AuditVerification } from '#app/audit/index.js';
import type { InProcessApp, TestApp } from './test-app.js';
import { waitFor } from './wait-for.js';

export interface AuditRow {
  id: number;
  position: number | null;
  seal: string | null;
}

export const auditRows = (app: TestApp): Promise<AuditRow[]> =>
  app.sql<AuditRow>('SELECT id, position, seal FROM audit_events ORDER BY id');

/** Waits until every event has its place in the chain. */
export function sealedRows(app: TestApp): Promise<AuditRow[]> {
  return waitFor(
    async () => {
      const all = await auditRows(app);
      return all.length > 0 && all.every(({ position }) => position !== null) && all;
    },
    { timeout: 20_000 },
  );
}

export const verification = ({ nest }: InProcessApp): AuditVerification =>
  nest.get(AuditVerification, { strict: false });
