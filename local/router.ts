import type { Method, RouteKey } from '../functions/manifest.ts';

export interface RouteMatch {
  readonly route: RouteKey;
  readonly parameters?: Readonly<Record<string, string>>;
}

export type Routed<Target> =
  | { readonly match: RouteMatch; readonly target: Target }
  | { readonly allow: readonly string[] }
  | undefined;

interface Pattern<Target> {
  readonly method: string;
  readonly segments: readonly string[];
  readonly route: RouteKey;
  readonly target: Target;
}

/** Finds who handles a path as the gateway does: a literal path before one with parameters. */
export class Router<Target> {
  readonly #literal = new Map<string, { readonly match: RouteMatch; readonly target: Target }>();
  readonly #patterns: Pattern<Target>[] = [];

  add(route: RouteKey, target: Target): void {
    const [method = '', path = ''] = route.split(' ');
    if (!path.includes('{')) this.#literal.set(route, { match: { route }, target });
    else this.#patterns.push({ method, segments: path.split('/'), route, target });
  }

  /** Undefined: nobody knows the path. `allow`: somebody does, with these methods. */
  find(method: string, path: string): Routed<Target> {
    const literal = this.#literal.get(`${method} ${path}`);
    if (literal) return literal;
    const segments = path.split('/');
    for (const pattern of this.#patterns) {
      const parameters = pattern.method === method ? bound(pattern.segments, segments) : undefined;
      if (parameters) return { match: { route: pattern.route, parameters }, target: pattern.target };
    }
    const allow = methods.filter((other) => other !== method && this.#knows(other, path, segments));
    return allow.length > 0 ? { allow } : undefined;
  }

  #knows(method: string, path: string, segments: readonly string[]): boolean {
    return (
      this.#literal.has(`${method} ${path}`) ||
      this.#patterns.some((pattern) => pattern.method === method && bound(pattern.segments, segments))
    );
  }
}

const methods: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

function bound(pattern: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== path.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const given = path[index] ?? '';
    if (!expected.startsWith('{')) {
      if (expected !== given) return undefined;
      continue;
    }
    const value = decoded(given);
    if (value === undefined || value === '') return undefined;
    parameters[expected.slice(1, -1)] = value;
  }
  return parameters;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A stray percent sign: such a path leads nowhere.
    return undefined;
  }
}
