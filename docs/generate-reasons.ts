import { writeFileSync } from 'node:fs';
import { reasonsPage } from './reasons-table.ts';

writeFileSync(new URL('./reasons.md', import.meta.url), reasonsPage());
