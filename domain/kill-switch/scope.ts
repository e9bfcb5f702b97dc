/** What a kill switch stops: everything, one account, one instrument, or what one strategy of an account does. */
export type KillSwitchScope =
  | { readonly of: 'firm' }
  | { readonly of: 'account'; readonly accountId: string }
  | { readonly of: 'instrument'; readonly symbol: string }
  | { readonly of: 'strategy'; readonly accountId: string; readonly strategyId: string };

export function isSameScope(a: KillSwitchScope, b: KillSwitchScope): boolean {
  return scopeText(a) === scopeText(b);
}

/** For answers and lines in a log; two scopes never share one. */
export function scopeText(scope: KillSwitchScope): string {
  switch (scope.of) {
    case 'firm':
      return 'firm';
    case 'account':
      return `account ${scope.accountId}`;
    case 'instrument':
      return `instrument ${scope.symbol}`;
    case 'strategy':
      return `strategy ${JSON.stringify(scope.strategyId)} of account ${scope.accountId}`;
  }
}
