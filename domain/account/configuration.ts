/** What the owner of an account decides about it. What was never decided is as in `standardConfiguration`. */
export interface AccountConfiguration {
  /** No new orders and no replaces, until the owner says otherwise; cancels and what the venue reports still work. */
  readonly suspendTrade: boolean;
  /** The open orders are canceled when the last stream of the account's clients ends. */
  readonly cancelOnDisconnect: boolean;
}

export const standardConfiguration: AccountConfiguration = { suspendTrade: false, cancelOnDisconnect: false };

/** Of what is asked, that which is not so already. */
export function changesOf(
  asked: Partial<AccountConfiguration>,
  now: AccountConfiguration,
): Partial<AccountConfiguration> {
  const { suspendTrade, cancelOnDisconnect } = asked;
  return {
    ...(suspendTrade !== undefined && suspendTrade !== now.suspendTrade && { suspendTrade }),
    ...(cancelOnDisconnect !== undefined &&
      cancelOnDisconnect !== now.cancelOnDisconnect && { cancelOnDisconnect }),
  };
}
