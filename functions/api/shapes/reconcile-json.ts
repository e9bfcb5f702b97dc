import * as z from 'zod/mini';
import type { Reconciliation } from '../../../platform/ledger/reconcile.ts';
import { decimalText } from './values.ts';

const finding = z.strictObject({
  where: z.string(),
  what: z.string(),
  expected: z.string(),
  found: z.string(),
});
const amounts = z.strictObject({
  available: decimalText,
  held: decimalText,
  clearing: decimalText,
  fees: decimalText,
  external: decimalText,
  shortfall: decimalText,
});

export const reconciliationSchema = z
  .strictObject({
    streams: z.int(),
    commits: z.int(),
    accounts: z.int(),
    differences: z.int(),
    findings: z.readonly(z.array(finding)),
    unsettled: z.readonly(z.array(z.string())),
    sums: z.readonly(z.array(z.strictObject({ asset: z.string(), amounts, total: decimalText }))),
  } satisfies Record<keyof Reconciliation, z.ZodMiniType>)
  .register(z.globalRegistry, { id: 'Reconciliation' });
