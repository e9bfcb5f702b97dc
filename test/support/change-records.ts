import type { Image } from '../../platform/change-feed/records.ts';

/** Values as DynamoDB writes them. */
export function image(values: object): Image {
  const entries = Object.entries(values);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'number' ? { N: String(value) } : { S: value }]),
  );
}
