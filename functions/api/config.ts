import type { Json } from '../../domain/values/json.ts';
import { difference } from '../../domain/config/json-patch.ts';
import { type Lots, lotsWith, otherLots } from '../../domain/config/lots.ts';
import { configStream } from '../../domain/config/state.ts';
import { checkConfig } from '../../platform/hot-config/check.ts';
import { configAt, configHistory, documentsOf } from '../../platform/hot-config/config-history.ts';
import { merged } from '../../platform/hot-config/merge-patch.ts';
import { raisesOf } from '../../platform/hot-config/raises.ts';
import type { Reaching } from '../dependencies.ts';
import type { OperatorCaller } from './door/caller.ts';
import { parse } from './door/fields.ts';
import { ok, type Reply, refused, replayed } from './door/reply.ts';
import { type ApiRequest, commandKey, contextOf, idempotencyKey, parameter, query } from './door/request.ts';
import { type ApiFunction, operating } from './door/routes.ts';
import { approvalJson } from './shapes/approval-json.ts';
import {
  configBody,
  configChangeJson,
  configDocumentJson,
  configHistoryQuery,
  configJson,
  configPatchBody,
} from './shapes/config-json.ts';
import { askedBefore, askSecondPerson } from './shared/approval-requests.ts';
import { configReply } from './shared/config-replies.ts';

type Needs = Reaching<'approvals'>;

type Request = ApiRequest<OperatorCaller>;

interface Proposal {
  readonly document: Json;
  readonly base: string;
  readonly reason: string;
}

/** What is in force, how it came to be, and changing it: what lets more through than before takes a second person. */
export const config: ApiFunction<Needs> = (dependencies) => {
  const { store, cell, clock, config: hot } = dependencies;
  return {
    'GET /v1/config': operating(async () => ok(configJson(hot.current(), hot.status(), clock.now()))),
    'GET /v1/config/history': operating((request) => history(dependencies, request)),
    'GET /v1/config/versions/{version}': operating(async (request) => {
      const found = await configAt(store, cell, parameter(request, 'version'), request.deadline);
      return found ? ok(configDocumentJson(found)) : refused('config_version_unknown');
    }),
    'PUT /v1/config': operating(async (request) => {
      const parsed = parse(configBody, request.body);
      if ('refusal' in parsed) return parsed.refusal;
      const { document, base_version: base, reason } = parsed.value;
      return propose(dependencies, request, { document, base, reason });
    }),
    'PATCH /v1/config': operating(async (request) => {
      const parsed = parse(configPatchBody, request.body);
      if ('refusal' in parsed) return parsed.refusal;
      const { version, document: current } = hot.current();
      const { changes, base_version: base = version, reason } = parsed.value;
      return propose(dependencies, request, { document: merged(current, changes), base, reason });
    }),
  };
};

async function history({ store, cell }: Needs, request: Request): Promise<Reply> {
  const parsed = parse(configHistoryQuery, query(request));
  if ('refusal' in parsed) return parsed.refusal;
  const { limit, before = Number.POSITIVE_INFINITY } = parsed.value;
  const entries = await configHistory(store, cell, request.deadline);
  const older = entries.filter(({ commit }) => commit < before).toReversed();
  return ok(older.slice(0, limit).map(configChangeJson));
}

async function propose(dependencies: Needs, request: Request, proposal: Proposal): Promise<Reply> {
  const { config: hot } = dependencies;
  const asked = await askedBefore(dependencies, request);
  if (asked?.action === 'raise-limit') {
    return replayed({ status: 202, body: { approval: approvalJson(asked) } });
  }
  const question = (await areOtherLots(dependencies, request, proposal))
    ? undefined
    : raiseQuestion(dependencies, proposal);
  if (question) return askSecondPerson(dependencies, request, question);
  const by = request.caller.personId;
  const key = idempotencyKey(request);
  const change = await hot.change(
    { ...proposal, base: comparedWith(dependencies, proposal), by },
    contextOf(request, key === undefined ? {} : { key: commandKey(`${by} ${key}`, { ...proposal }) }),
  );
  return configReply(change, proposal.base);
}

/** Nobody is asked to approve what cannot be. */
async function areOtherLots({ store, cell }: Needs, { deadline }: Request, { document }: Proposal) {
  const documents = documentsOf(await configHistory(store, cell, deadline));
  const lots = documents.reduce<Lots>((known, one) => lotsWith(known, one.document), {});
  return otherLots(lots, document).length > 0;
}

/**
 * What raises was seen only against what is in force here. Made from any other version, which may be about to come into force, it is
 * refused; but for a repeat, which is told what it was told.
 */
function comparedWith({ config: hot }: Needs, { base }: Proposal): string {
  return base === hot.current().version ? base : `${base} (not in force here)`;
}

/** Asked only of what could be put in force now; anything else is refused, and the refusal is on record. */
function raiseQuestion({ config: hot, cell }: Needs, { document, base, reason }: Proposal) {
  const result = checkConfig(document);
  const current = hot.current();
  if ('issues' in result || base !== current.version) return undefined;
  const { checked } = result;
  const raises = raisesOf(current.config.document, checked.config.document);
  if (raises.length === 0) return undefined;
  const patch = difference(current.document, document).map((operation) => ({ ...operation }));
  return {
    action: 'raise-limit',
    subject: configStream(cell),
    request: {
      base,
      version: checked.version,
      patch,
      reason,
      raises: raises.slice(0, raisesShown).map((one) => ({ ...one })),
    },
  } as const;
}

/** What a second person is shown of why they are asked; the patch says all. */
const raisesShown = 50;
