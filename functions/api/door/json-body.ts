/** A run of digits this long may be a number a double cannot hold exactly. */
const suspicious = /\d[\d.]{14,}/;

/**
 * JSON whose numbers are either exact or texts: a number with more digits than a double is sure to keep (15) arrives as its own source
 * text, for a decimal field to read exactly or refuse. Undefined: not JSON.
 */
export function parseJsonExactly(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: suspicious.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text) };
  } catch {
    // The parser's words would quote the body back, which may hold anything.
    return undefined;
  }
}

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value;
  const digits = context.source
    .replace(/[eE].*$/, '')
    .replaceAll(/[^\d]/g, '')
    .replace(/^0+/, '');
  return digits.length > 15 ? context.source : value;
}
