import { hash } from 'node:crypto';

const canonical = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * RFC 9562 version 5: the same namespace and name always give the same id, so that a duplicate meets the first
 * one's key. `namespace` is itself a UUID; anything else throws.
 */
export function uuidV5(namespace: string, name: string): string {
  if (!canonical.test(namespace)) throw new TypeError(`${namespace} is not a UUID`);
  const bytes = Buffer.from(namespace.replaceAll('-', ''), 'hex');
  const digest = hash('sha1', Buffer.concat([bytes, Buffer.from(name, 'utf8')]), 'buffer');
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x50, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = digest.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
