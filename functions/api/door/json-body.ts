/** A run of digits this long may be a number a double cannot hold exactly. */
const suspicious = /\d[\d.]{14,}/;

/**
 * A number with more digits than a double is sure to keep (15), by its digits as they were written: for a decimal field to read exactly or
 * refuse. A symbol is none of JSON's types, so no field for words, objects or lists takes it.
 */
function longNumber(source: string): symbol {
  return Symbol(source);
}

/** JSON whose numbers are exact, or symbols with their digits. Undefined: not JSON. */
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
  return digits.length > 15 ? longNumber(context.source) : value;
}
