import { placeOrder } from './api/place-order.ts';
import type { ApiFunction } from './api/routes.ts';
import { type LambdaHandler, wrap } from './api/wrap.ts';
import type { Dependencies } from './dependencies.ts';
import { type FunctionEntry, type FunctionName, manifest } from './manifest.ts';

/** The code behind each name of the manifest. */
const apiFunctions: Readonly<Record<FunctionName, ApiFunction>> = {
  'place-order': placeOrder,
};

export interface ComposedFunction {
  readonly entry: FunctionEntry;
  readonly handler: LambdaHandler;
}

/** Every HTTP function of the manifest, ready to be called as Lambda would. */
export function composeApi(dependencies: Dependencies): readonly ComposedFunction[] {
  return manifest
    .filter(({ trigger }) => trigger.kind === 'http')
    .map((entry) => ({ entry, handler: wrap(entry, apiFunctions[entry.name](dependencies), dependencies) }));
}
