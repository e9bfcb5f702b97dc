import { isIP } from 'node:net';
import { ReachableAddresses } from '../outgoing/reachable-addresses.ts';
import type { WebhookRules } from './rules.ts';

export const urlLengthMax = 2_048;

export type ReceiverUrl = { readonly url: URL } | { readonly wrong: string };

/**
 * The address of a receiver, or what would be right instead. An address in numbers is looked at here, a name each time it is called: what
 * it leads to may change.
 */
export function receiverUrl(text: string, rules: WebhookRules): ReceiverUrl {
  const url = text.length <= urlLengthMax ? URL.parse(text) : null;
  if (!url) return { wrong: `an absolute URL of at most ${urlLengthMax} characters` };
  if (url.protocol !== 'https:' && !(rules.allowHttp && url.protocol === 'http:'))
    return { wrong: rules.allowHttp ? 'an https or http URL' : 'an https URL' };
  if (url.username !== '' || url.password !== '') return { wrong: 'a URL without a user name or a password' };
  if (url.hash !== '') return { wrong: 'a URL without a fragment' };
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const { ports } = rules;
  if (ports !== 'any' && !ports.includes(port))
    return { wrong: `a URL with one of the ports ${ports.join(', ')}` };
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !new ReachableAddresses(rules.allowedNetworks).accepts(host))
    return { wrong: 'an address on the public internet' };
  return { url };
}
