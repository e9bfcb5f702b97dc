import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { reasonsPage } from '../../docs/reasons-table.ts';

test('docs/reasons.md is what the code says (npm run docs:reasons writes it)', () => {
  expect(readFileSync('docs/reasons.md', 'utf8')).toBe(reasonsPage());
});
