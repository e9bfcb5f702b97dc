import { createServer } from 'node:net';

// Listens and then stands still for ever: nothing in its queue of connections is ever taken.
const server = createServer();
server.listen(0, '127.0.0.1', 1, () => {
  const address = server.address();
  process.stdout.write(String(typeof address === 'object' ? address?.port : ''), () =>
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0),
  );
});
