import type { CommandContext } from './context.ts';
import { requestHashOf } from './request-hash.ts';

/** Not printable ASCII, which is all that a client's key may be made of. */
const mark = '§';

/**
 * The key of what this system asks by itself, on a stream where clients have keys of their own. No client can name it: whoever could
 * would have used it up, and their order could not be canceled by a kill switch.
 */
export function ownKey(name: string, content: unknown): NonNullable<CommandContext['key']> {
  return { commandId: `${mark} ${name}`, requestHash: requestHashOf(content) };
}
