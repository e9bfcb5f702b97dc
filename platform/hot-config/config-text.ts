import type { ConfigIssue } from '../../domain/config/commands.ts';
import type { Json } from '../../domain/values/json.ts';
import { checkConfig } from './check.ts';
import type { VersionedConfig } from './port.ts';

/** A config as it comes from a file or a service. Says what is wrong with what is none. */
export function checkConfigText(
  text: string,
): { readonly checked: VersionedConfig } | { readonly issues: readonly ConfigIssue[] } {
  const parsed = parse(text);
  if ('problem' in parsed) return { issues: [{ path: 'document', message: parsed.problem }] };
  return checkConfig(parsed.document);
}

const problemMax = 200;

function parse(text: string): { readonly document: unknown } | { readonly problem: string } {
  try {
    return { document: JSON.parse(text) };
  } catch (error) {
    const why = error instanceof SyntaxError ? `: ${error.message}` : '';
    return { problem: `is not JSON${why}`.slice(0, problemMax) };
  }
}

/** Laid out for whoever edits it by hand. */
export function configText(document: Json): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
