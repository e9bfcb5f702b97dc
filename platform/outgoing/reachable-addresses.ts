import { BlockList, isIP } from 'node:net';

export interface Network {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** A network as `10.1.0.0/16` or `fd00::/8`; undefined when it is not one. An address alone is not: whoever allows says how much. */
export function parseNetwork(text: string): Network | undefined {
  const [, address = '', digits = ''] = /^([0-9a-fA-F.:]{2,45})\/(\d{1,3})$/.exec(text) ?? [];
  const version = isIP(address);
  const prefix = Number(digits);
  if (version === 0 || digits === '' || prefix > (version === 4 ? 32 : 128)) return undefined;
  return { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
}

/** What of IPv4 is not the public internet (IANA's special-purpose registry), and the address Azure's hosts answer at. */
const closedV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/** Of IPv6 only what is handed out globally is open, and the two forms that carry an IPv4 address, which is then looked at. */
const openV6 = ['2000::/3'];
/** Protocol assignments with Teredo, documentation, 6to4: each of them can lead to an IPv4 address nobody looked at. */
const closedV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];
/** IPv4-mapped, and NAT64's well-known prefix (RFC 6052). */
const carriersOfV4 = ['::ffff:', '64:ff9b::'];

/** Decides where a connection may go: to the public internet, and to the networks an operator allows. */
export class ReachableAddresses {
  readonly #allowed: BlockList;

  /** `allowed`: networks, as `parseNetwork` reads them; what is none is left out. */
  constructor(allowed: readonly string[] = []) {
    this.#allowed = listOf(allowed);
  }

  /** Of an address, never a name: what is no address is not accepted. */
  accepts(address: string): boolean {
    const version = isIP(address);
    if (version === 0 || address.includes('%')) return false;
    if (contains(this.#allowed, address)) return true;
    if (contains(closed, address)) return false;
    return version === 4 || contains(open, address);
  }
}

const open = listOf([...openV6, ...carriersOfV4.map((prefix) => `${prefix}0.0.0.0/96`)]);
const closed = listOf([...closedV4, ...closedV6]);

function contains(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}

/** A network of IPv4 in each of the forms that carry it. */
function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const { address, prefix, family } of networks.flatMap((text) => parseNetwork(text) ?? [])) {
    list.addSubnet(address, prefix, family);
    if (family === 'ipv6') continue;
    for (const carrier of carriersOfV4) list.addSubnet(`${carrier}${address}`, prefix + 96, 'ipv6');
  }
  return list;
}
