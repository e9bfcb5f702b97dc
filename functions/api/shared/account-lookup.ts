import { type Account, accountStream } from '../../../domain/account/state.ts';
import type { Dependencies } from '../../dependencies.ts';
import { type ApiRequest, parameter } from '../door/request.ts';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The account an operator's path names; undefined when there is none. */
export async function accountInPath(
  { accounts }: Pick<Dependencies, 'accounts'>,
  request: ApiRequest,
): Promise<Account | undefined> {
  const id = parameter(request, 'account_id').toLowerCase();
  if (!uuid.test(id)) return undefined;
  const { state } = await accounts.load(accountStream(id), request.deadline);
  return state.kind === 'account' ? state : undefined;
}
