import type { Principal } from '../../../platform/keys/key-ring.ts';
import { isKeyOf } from '../../../platform/keys/secret.ts';
import type { HotConfigDocument } from '../../../platform/hot-config/schema.ts';
import { type Reply, refused } from './reply.ts';

type Cells = NonNullable<HotConfigDocument['cells']>;

export interface Here {
  readonly cell: string;
  /** Every cell of the installation, this one too, by its name. */
  readonly cells: Cells | undefined;
}

/**
 * A key is issued where its account is at home, and says so by its id: whoever comes to another cell with it is told where to go, without
 * their secret being looked at. Undefined: it is of no other cell that is known here.
 */
export function misdirected(keyId: string, { cell, cells = {} }: Here): Reply | undefined {
  const home = Object.keys(cells).find((name) => name !== cell && isKeyOf(keyId, name));
  return home === undefined ? undefined : elsewhere(home, cells);
}

/** The same of a key that is known here, as in tables that were copied: its own stream names the cell that issued it. */
export function notAtHome({ role, cell: home }: Principal, { cell, cells = {} }: Here): Reply | undefined {
  return role === 'client' && home !== cell ? elsewhere(home, cells) : undefined;
}

function elsewhere(home: string, cells: Cells): Reply {
  const address = cells[home]?.address;
  const hint = address === undefined ? `It is ${home}.` : `It is ${home}: ask ${address}.`;
  const reply = refused('account_elsewhere', { hint });
  return { ...reply, body: { ...Object(reply.body), cell: home, ...(address !== undefined && { address }) } };
}
