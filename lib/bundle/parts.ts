import type { Bundle } from './bundle.ts';

/** What a bundle is made of: bytes by package, or by folder of ours, the largest first. */
export function partsOf({ code }: Pick<Bundle, 'code'>): readonly (readonly [string, number])[] {
  const parts = new Map<string, number>();
  for (const [file, { bytesInOutput }] of Object.entries(code.inputs)) {
    const part = partNamed(file);
    parts.set(part, (parts.get(part) ?? 0) + bytesInOutput);
  }
  return [...parts].toSorted(([, a], [, b]) => b - a);
}

function partNamed(file: string): string {
  const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
  return name ?? file.split('/').slice(0, 2).join('/');
}
