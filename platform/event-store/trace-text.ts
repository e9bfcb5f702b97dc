const version00 = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** A W3C traceparent of 55 characters as 34: its 25 bytes in base64url. Any other text is kept, marked with `=`. */
export function traceText(traceparent: string): string {
  const match = version00.exec(traceparent);
  if (!match) return `=${traceparent}`;
  return Buffer.from(`${match[1]}${match[2]}${match[3]}`, 'hex').toString('base64url');
}

/** Undefined when the text is not one that `traceText` makes. */
export function parseTrace(text: string): string | undefined {
  if (text.startsWith('=')) return text.slice(1);
  const hex = Buffer.from(text, 'base64url').toString('hex');
  if (text.length !== 34 || hex.length !== 50) return undefined;
  return `00-${hex.slice(0, 32)}-${hex.slice(32, 48)}-${hex.slice(48)}`;
}
