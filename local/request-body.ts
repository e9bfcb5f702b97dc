import type { IncomingMessage } from 'node:http';

/** The whole body as text; undefined when it is larger than `bytesMax`, in which case no more of it is read. */
export function bodyOf(request: IncomingMessage, bytesMax: number): Promise<string | undefined> {
  const { method } = request;
  const { 'content-length': declared, 'transfer-encoding': encoding } = request.headers;
  if (method === 'GET' || (declared === undefined && encoding === undefined)) {
    request.resume();
    return Promise.resolve('');
  }
  if (Number(declared) > bytesMax) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > bytesMax) {
        request.pause();
        resolve(undefined);
        return;
      }
      chunks.push(chunk);
    });
    request.on('end', () => {
      const [only] = chunks;
      resolve(chunks.length === 1 && only ? only.toString('utf8') : Buffer.concat(chunks).toString('utf8'));
    });
    request.on('error', reject);
  });
}
