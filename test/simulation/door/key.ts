import { keyIdFor } from '../../../platform/keys/secret.ts';

export const cell = 'simulated';

/** An API key of a simulated client. Not a random one: the same seed gives the same world. */
export interface DoorKey {
  readonly keyId: string;
  readonly secret: string;
}

export function doorKey(name: string): DoorKey {
  return { keyId: keyIdFor(name, cell), secret: `secret of ${name}` };
}

/** The one whose requests are limited. */
export const limitedKey = doorKey('door-1');
