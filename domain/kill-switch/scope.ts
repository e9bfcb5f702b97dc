/** What a kill switch stops: everything, one account, or one instrument. */
export type KillSwitchScope =
  | { readonly of: 'firm' }
  | { readonly of: 'account'; readonly accountId: string }
  | { readonly of: 'instrument'; readonly symbol: string };

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
  }
}
