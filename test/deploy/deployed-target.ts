import { readFileSync } from 'node:fs';
import type { Json } from '../../domain/values/json.ts';
import { merged } from '../../platform/hot-config/merge-patch.ts';
import { openAccount, operate, type Target } from '../e2e/target.ts';
import type { Key } from '../support/ask.ts';
import { deployConfig } from './appconfig.ts';

/** A cell as it was deployed: what the deployment printed, and its first key. */
export interface Deployed {
  readonly region: string;
  readonly address: string;
  readonly stream: string;
  readonly endpoint: string;
  readonly administrator: Key;
  /** The name of its archive's bucket. */
  readonly archive: string;
}

/** Under this name in the environment: a file with the cells that were deployed. */
export const deployedCells = 'ORDERCELL_DEPLOYED_CELLS';

/** A round of the schedules is a minute, and the functions beside are slow to start on a small machine. */
const patienceMs = 100_000;

/** Counted from the first, and after the last from the first again. */
export function deployedCell(index: number): Deployed {
  const cells: readonly Deployed[] = JSON.parse(readFileSync(process.env[deployedCells] ?? '', 'utf8'));
  const cell = cells[index % cells.length];
  if (!cell) throw new Error('no cell was deployed');
  return cell;
}

/** The cell of this number, with an account at home in the one after it. */
export async function deployedTarget(index: number): Promise<Target> {
  const [own, other] = [deployedCell(index), deployedCell(index + 1)];
  const { key } = await openAccount(other, 'traveler', []);
  return {
    cell: own.region,
    address: own.address,
    stream: own.stream,
    administrator: own.administrator,
    elsewhere: { cell: other.region, address: other.address, key, answers: true },
    patienceMs,
    changeConfig: async (changes) => {
      const { body } = await operate(own, 'GET /v1/config');
      const document: Json = JSON.parse(JSON.stringify(body['document']));
      await deployConfig(own, merged(document, changes));
    },
  };
}
