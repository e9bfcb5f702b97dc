import { expect, test } from 'vitest';
import { apiKey } from '../../platform/aggregates/api-key.ts';
import { systemClock } from '../../platform/clock/clock.ts';
import { CommandHandler } from '../../platform/command-handler/command-handler.ts';
import { deadlineIn } from '../../platform/deadline/deadline.ts';
import { MemoryEventStore } from '../../platform/event-store/memory.ts';
import { KeyRing } from '../../platform/keys/key-ring.ts';
import { systemRandom } from '../../platform/random/random.ts';
import { type CellToOpen, issueAdministratorKey } from '../../local/administrator-key.ts';

const clock = systemClock;
const deadline = () => deadlineIn(5_000, clock);

test('a cell without keys gets an administrator, and who issued the key is on record', async () => {
  const cell: CellToOpen = {
    cell: 'eu-central-1',
    store: new MemoryEventStore(),
    clock,
    random: systemRandom,
  };
  const { keyId, secret } = await issueAdministratorKey(cell, 'ada');

  const handler = new CommandHandler({ aggregate: apiKey, ...cell, onQuarantine: () => {} });
  const keys = new KeyRing(handler, clock, cell.cell);
  const principal = await keys.authenticate(keyId, secret, deadline());
  expect(principal).toEqual({ role: 'administrator', keyId, personId: 'ada', cell: 'eu-central-1' });

  const commits = await cell.store.read(`key-${keyId}`, 1, deadline());
  expect(commits[0]).toMatchObject({
    cell: 'eu-central-1',
    actor: { kind: 'system', id: 'first-key' },
    events: [{ type: 'KeyIssued', data: { issuedBy: 'first-key' } }],
  });
  expect(JSON.stringify(commits)).not.toContain(secret);
});
