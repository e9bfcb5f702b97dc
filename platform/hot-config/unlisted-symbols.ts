import type { ConfigIssue } from '../../domain/config/commands.ts';
import type { HotConfigDocument } from './schema.ts';

interface Named {
  readonly path: string;
  readonly symbol: string;
}

/** Where a document names a symbol that its own instruments do not have: a limit or a stop that would never take effect. */
export function unlistedSymbols(document: HotConfigDocument): readonly ConfigIssue[] {
  const listed = new Set(document.instruments.map(({ symbol }) => symbol));
  return namedIn(document).flatMap(({ path, symbol }) =>
    listed.has(symbol)
      ? []
      : [{ path, message: `${symbol} is not among the instruments: correct it here, or list it there` }],
  );
}

function namedIn({ limits, switches }: HotConfigDocument): readonly Named[] {
  const { accounts, instruments } = limits;
  return [
    ...namedFor('limits.accounts.default', accounts.default),
    ...Object.entries(accounts.byId).flatMap(([id, own]) => namedFor(`limits.accounts.byId.${id}`, own)),
    ...Object.keys(instruments.bySymbol).map((symbol) => ({
      path: `limits.instruments.bySymbol.${symbol}`,
      symbol,
    })),
    ...namedInList('switches.instruments', switches.instruments),
  ];
}

type AccountLimits = HotConfigDocument['limits']['accounts']['default'];

function namedFor(path: string, { permittedSymbols, restrictedSymbols }: AccountLimits): readonly Named[] {
  return [
    ...namedInList(`${path}.permittedSymbols`, permittedSymbols),
    ...namedInList(`${path}.restrictedSymbols`, restrictedSymbols),
  ];
}

function namedInList(path: string, symbols: 'all' | readonly string[] = []): readonly Named[] {
  if (symbols === 'all') return [];
  return symbols.map((symbol, index) => ({ path: `${path}.${index}`, symbol }));
}
