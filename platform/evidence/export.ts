import { hash } from 'node:crypto';
import { orderStream } from '../../domain/order/effects.ts';
import { feesOf, traded } from '../../domain/order/hold.ts';
import type { OrderState } from '../../domain/order/state.ts';
import { alpacaStatus } from '../../domain/order/status.ts';
import { formatTimestamp, type Timestamp } from '../../domain/values/time.ts';
import { orderFold } from '../aggregates/order-fold.ts';
import { Fold } from '../command-handler/fold.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { canonicalJson } from '../event-store/canonical-json.ts';
import { CorruptCommit } from '../event-store/errors.ts';
import type { Commit, EventStore } from '../event-store/port.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { actorsOf } from './actors.ts';
import { collect } from './collect.ts';
import { configsOf, readArchive } from './configs.ts';
import {
  type Evidence,
  evidenceFormat,
  evidenceVersion,
  type Manifest,
  type OrderEvidence,
} from './document.ts';

export interface EvidenceSources {
  readonly cell: string;
  readonly store: EventStore;
  readonly keys: Pick<KeyRing, 'find'>;
}

export interface EvidenceRequest {
  /** The order's own id. */
  readonly orderId: string;
  readonly personId: string;
  readonly apiKeyId: string;
  readonly at: Timestamp;
}

export type Exported =
  | { readonly outcome: 'exported'; readonly evidence: Evidence }
  | { readonly outcome: 'too-large'; readonly characters: number };

/** Everything the log says about one order, as one file. Reads only. Throws what the store throws. */
export async function exportEvidence(
  { cell, store, keys }: EvidenceSources,
  { orderId, personId, apiKeyId, at }: EvidenceRequest,
  deadline: Deadline,
): Promise<Exported> {
  const stream = orderStream(orderId);
  const archive = await readArchive(store, cell, deadline);
  const collected = await collect({ store, archive }, stream, deadline);
  if (collected.outcome === 'too-large') return collected;
  const { streams, commits } = collected;
  const { configs, changes } = configsOf(commits, archive);
  return {
    outcome: 'exported',
    evidence: withManifest({
      format: evidenceFormat,
      format_version: evidenceVersion,
      // Folded from the very commits of the file: the order may have gone on since it was asked for.
      order: orderEvidence(stateAfter(stream, commits)),
      cell,
      exported_at: formatTimestamp(at),
      exported_by: { person_id: personId, api_key_id: apiKeyId },
      streams,
      configs,
      config_changes: changes,
      actors: await actorsOf(commits, keys, deadline),
    }),
  };
}

const fold = new Fold(orderFold);

function stateAfter(stream: string, commits: readonly Commit[]): OrderState {
  const own = commits.filter((commit) => commit.stream === stream);
  return fold.all(fold.start(stream), own).state;
}

function orderEvidence(state: OrderState): OrderEvidence {
  if (state.kind === 'denied') {
    const { orderId, accountId } = state.denial;
    const nothing = { filled_lots: 0, notional: 0, traded: 0, fees: 0, held_cash: 0, held_shares: 0 };
    return { order_id: orderId, account_id: accountId, status: 'rejected', ...nothing };
  }
  if (state.kind !== 'order') throw new CorruptCommit(`a stream of an order holds a state ${state.kind}`);
  return {
    order_id: state.orderId,
    account_id: state.accountId,
    status: alpacaStatus(state),
    filled_lots: state.totals.cumulativeQuantity,
    notional: state.totals.notional,
    traded: traded(state),
    fees: feesOf(state),
    held_cash: state.hold.cash,
    held_shares: state.hold.shares,
  };
}

function withManifest(content: Omit<Evidence, 'manifest'>): Evidence {
  const { streams, configs, actors } = content;
  const manifest: Omit<Manifest, 'digest'> = {
    streams: streams.map(({ stream, commits }) => ({
      stream,
      commits: commits.length,
      version: commits.at(-1)?.version ?? 0,
      hash: commits.at(-1)?.hash ?? '',
    })),
    commits: streams.reduce((sum, { commits }) => sum + commits.length, 0),
    configs: configs.map(({ version }) => version),
    actors: actors.length,
    members: Object.fromEntries(Object.entries(content).map(([name, member]) => [name, digestOf(member)])),
  };
  return { ...content, manifest: { ...manifest, digest: digestOf({ ...content, manifest }) } };
}

function digestOf(value: unknown): string {
  return hash('sha256', canonicalJson(value), 'base64url');
}
