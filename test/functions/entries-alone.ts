import { globSync } from 'node:fs';
import { Socket } from 'node:net';
import { resolve } from 'node:path';

/** Loads every entry where nothing is set and nothing can be reached; prints what each exports. Run by a test, in a process of its own. */
Socket.prototype.connect = () => {
  throw new Error('a module reached for the network while it was loaded');
};

const folder = resolve(import.meta.dirname, '../../functions/entries');
for (const file of globSync('*.ts', { cwd: folder }).toSorted()) {
  const loaded: object = await import(resolve(folder, file));
  console.log(`${file} ${Object.keys(loaded).join(' ')}`);
}
