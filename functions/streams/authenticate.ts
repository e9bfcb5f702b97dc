import type { Deadline } from '../../platform/deadline/deadline.ts';
import { isTrading, type TradingCaller } from '../api/door/caller.ts';
import type { Credentials } from '../api/door/credentials.ts';
import type { Dependencies } from '../dependencies.ts';

/**
 * Whose stream it is, by the same rules as any request: an address that was wrong too often is not looked at. Undefined: not a trading
 * key in force, or not its secret. Throws what the store throws.
 */
export async function authenticateStream(
  { keys, rateLimiter }: Pick<Dependencies, 'keys' | 'rateLimiter'>,
  { keyId, secret }: Credentials,
  address: string,
  deadline: Deadline,
): Promise<TradingCaller | undefined> {
  if (rateLimiter.guessingBlockedFor(address, keyId) !== undefined) return undefined;
  const caller = await keys.authenticate(keyId, secret, deadline);
  if (!caller) rateLimiter.countFailure(address);
  return caller && isTrading(caller) ? caller : undefined;
}
