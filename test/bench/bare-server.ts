import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { GroupCommit, groupCommitLimits } from '../../platform/event-store/group-commit.ts';

/**
 * The least a durable server on Node and SQLite can do: parses the JSON, inserts one row, answers after COMMIT. The same group
 * commit, the same durability and the same pragmas as the embedded cell, nothing else of it.
 */
const [folder = '.'] = process.argv.slice(2);
const database = new DatabaseSync(join(folder, 'bare.db'));
database.exec(`
  PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
  CREATE TABLE orders (id TEXT PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
`);
const insert = database.prepare('INSERT INTO orders (id, at, body) VALUES (?, ?, ?)');
const group = new GroupCommit(database, groupCommitLimits);

const server = createServer({ noDelay: true, keepAliveTimeout: 65_000 }, (request, response) => {
  answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await place(request);
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

async function place(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const order: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  const id = randomUUID();
  const body = JSON.stringify(order);
  await group.run(() => insert.run(id, Date.now(), body));
  return JSON.stringify({ ...Object(order), id, status: 'accepted' });
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  console.log(JSON.stringify({ address: `http://127.0.0.1:${port}` }));
});
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  group.close();
  database.close();
});
