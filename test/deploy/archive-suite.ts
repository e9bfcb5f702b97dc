import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkArchive } from '../../local/verify/archive/check.ts';
import { readEvidence } from '../../local/verify/evidence-file.ts';
import { createS3Client } from '../../platform/archive/s3-client.ts';
import { S3Archive } from '../../platform/archive/s3.ts';
import { systemClock } from '../../platform/clock/clock.ts';
import { openAccount, type Target, within } from '../e2e/target.ts';
import { copyArchive } from '../support/archive-copy.ts';
import type { Deployed } from './deployed-target.ts';

/** What an auditor does with the archive of a deployed cell: copies it, and holds the copy against an order's evidence. */
export function archiveSuite(name: string, start: () => Promise<readonly [Target, Deployed]>): void {
  describe(`the archive of ${name}`, () => {
    test('has every commit of an order soon after, and holds without the cell', async () => {
      const [target, { endpoint, region, archive: bucket }] = await start();
      const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
      const client = createS3Client({ endpoint, region, credentials, forcePathStyle: true });
      const archive = new S3Archive({ client, bucket, clock: systemClock });
      const account = await openAccount(target, 'archived', [{ amount: '1000', currency: 'USD' }]);
      const placed = await account.trading.orders.limit({
        symbol: 'ALFA',
        side: 'buy',
        qty: 1,
        limitPrice: 90,
        timeInForce: 'gtc',
      });
      await within(target, async () => {
        const folder = mkdtempSync(join(tmpdir(), 'archive-'));
        try {
          await copyArchive(archive, folder);
          const read = readEvidence(await evidenceOf(target, placed.id));
          if ('findings' in read) throw new TypeError('the evidence is none');
          const check = await checkArchive({ folder, evidence: read.file });
          expect(check.findings).toEqual([]);
          expect(check.cells).toMatchObject([{ cell: region }]);
        } finally {
          rmSync(folder, { recursive: true });
        }
      });
      client.destroy();
    });
  });
}

async function evidenceOf({ address, administrator }: Target, id: string | undefined): Promise<string> {
  const { keyId, secret } = administrator;
  const headers = { 'apca-api-key-id': keyId, 'apca-api-secret-key': secret };
  const url = `${address}/v1/orders/${id}/evidence`;
  return (await fetch(url, { headers, signal: AbortSignal.timeout(30_000) })).text();
}
