import type { AccountCommand } from '../../domain/account/commands.ts';
import { accountItem, amount, positionPrefix } from '../../domain/account/holdings.ts';
import type { Item } from '../../domain/account/items.ts';
import { type Account, accountStream } from '../../domain/account/state.ts';
import type { Deadline } from '../../platform/deadline/deadline.ts';
import type { Dependencies, Reaching } from '../dependencies.ts';
import { emptyBody, haltBody } from './shapes/account-fields.ts';
import { accountInPath } from './shared/account-lookup.ts';
import { askedBefore, askSecondPerson } from './shared/approval-requests.ts';
import type { OperatorCaller } from './door/caller.ts';
import { parse } from './door/fields.ts';
import { refusedBy } from './shared/outcomes.ts';
import { ok, type Reply, refused, replayed } from './door/reply.ts';
import { type ApiRequest, commandKey, contextOf, idempotencyKey } from './door/request.ts';
import { type ApiFunction, operating, type RouteHandler } from './door/routes.ts';

type Needs = Reaching<'accounts' | 'approvals'>;

type Request = ApiRequest<OperatorCaller>;

/** Halts an account at once; lets it trade again only with a second person. */
export const accountStatus: ApiFunction<Needs> = (dependencies) => {
  const withAccount = (work: (account: Account, request: Request) => Promise<Reply>): RouteHandler =>
    operating(async (request) => {
      const account = await accountInPath(dependencies, request);
      return account ? work(account, request) : refused('account_not_found');
    });
  const withEmptyBody = (work: (account: Account, request: Request) => Promise<Reply>): RouteHandler =>
    withAccount(async (account, request) => {
      const parsed = parse(emptyBody, request.body === undefined ? {} : request.body);
      return 'refusal' in parsed ? parsed.refusal : work(account, request);
    });
  return {
    'POST /v1/accounts/{account_id}/halt': withAccount(async (account, request) => {
      const parsed = parse(haltBody, request.body);
      if ('refusal' in parsed) return parsed.refusal;
      return changed(dependencies, request, account, { do: 'halt', ...parsed.value });
    }),
    'POST /v1/accounts/{account_id}/lift-halt': withEmptyBody(async (account, request) => {
      const { accountId, halts, status } = account;
      if (status !== 'halted' && !(await askedBefore(dependencies, request)))
        return refused(status === 'closed' ? 'account_closed' : 'account_not_halted', { observed: status });
      return askSecondPerson(dependencies, request, {
        action: 'lift-halt',
        subject: accountStream(accountId),
        request: { accountId, halt: halts },
      });
    }),
    'POST /v1/accounts/{account_id}/lift-restriction': withEmptyBody(async (account, request) =>
      changed(dependencies, request, account, await liftRestriction(dependencies, account, request.deadline)),
    ),
    'POST /v1/accounts/{account_id}/actions/close': withEmptyBody(async (account, request) => {
      const symbols = await symbolsOf(dependencies, account, {
        deadline: request.deadline,
        isWanted: () => true,
      });
      return changed(dependencies, request, account, { do: 'close', halt: account.halts, symbols });
    }),
  };
};

/** The count first: a position that owes but is not among the symbols came to owe after it, and the count has gone on. */
async function liftRestriction(
  dependencies: Pick<Dependencies, 'store'>,
  account: Account,
  deadline: Deadline,
): Promise<AccountCommand> {
  const item = await dependencies.store.readItem(accountItem(account.accountId), deadline);
  const isWanted = (position: Item) => amount(position, 'shortfall') < 0;
  const symbols = await symbolsOf(dependencies, account, { deadline, isWanted });
  return { do: 'lift-restriction', restrictions: amount(item ?? 'missing', 'restrictions'), symbols };
}

async function symbolsOf(
  { store }: Pick<Dependencies, 'store'>,
  { accountId }: Account,
  { deadline, isWanted }: { readonly deadline: Deadline; readonly isWanted: (position: Item) => boolean },
): Promise<readonly string[]> {
  const items = await store.readItems(accountId, deadline);
  return [...items]
    .filter(([name, item]) => name.startsWith(positionPrefix) && isWanted(item))
    .map(([name]) => name.slice(positionPrefix.length));
}

async function changed(
  { accounts }: Pick<Dependencies, 'accounts'>,
  request: Request,
  { accountId }: Account,
  command: AccountCommand,
): Promise<Reply> {
  const key = idempotencyKey(request);
  const content = { accountId, change: command.do, ...(command.do === 'halt' && { reason: command.reason }) };
  const context = contextOf(request, key === undefined ? {} : { key: commandKey(key, content) });
  const outcome = await accounts.handle(accountStream(accountId), command, context);
  if (outcome.outcome === 'key-reused') return refused('idempotency_key_reused');
  const { state } = outcome;
  if (state.kind !== 'account') return refused('account_not_found');
  const events = outcome.outcome === 'unchanged' ? [] : outcome.events;
  const refusal = events.find((event) => event.type === 'AccountChangeRefused');
  const reply = refusal ? refusedBy(refusal.data) : ok({ id: accountId, status: state.status });
  return outcome.outcome === 'replayed' ? replayed(reply) : reply;
}
