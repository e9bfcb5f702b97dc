import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Stack {
  readonly name: string;
  readonly types: readonly string[];
}

export interface LeftOut {
  readonly stack: string;
  /** What it holds that the emulator does not know. */
  readonly unknown: readonly string[];
}

/** What a cell cannot do without. A stack that holds any of it has to be deployed. */
const needed = ['AWS::Lambda::Function', 'AWS::DynamoDB::Table', 'AWS::AppConfig::Deployment'];

export function stacksIn(assembly: string): readonly Stack[] {
  const suffix = '.template.json';
  return readdirSync(assembly)
    .filter((file) => file.endsWith(suffix))
    .map((file) => {
      const { Resources }: { readonly Resources: Readonly<Record<string, { readonly Type: string }>> } =
        JSON.parse(readFileSync(join(assembly, file), 'utf8'));
      const types = [...new Set(Object.values(Resources).map(({ Type }) => Type))];
      return { name: file.slice(0, -suffix.length), types };
    });
}

/** Which stacks can be deployed, and what is left out and why. Throws where a cell would not be one without it. */
export function divide(stacks: readonly Stack[], known: ReadonlySet<string>) {
  const leftOut = stacks.flatMap(({ name, types }): LeftOut[] => {
    const unknown = types.filter((type) => !known.has(type));
    if (unknown.length === 0) return [];
    const [first] = types.filter((type) => needed.includes(type));
    if (first) {
      throw new Error(
        `${name} has ${first} and cannot be deployed: the emulator does not know ${unknown.join(', ')}. Such types need a stack of their own.`,
      );
    }
    return [{ stack: name, unknown }];
  });
  const names = new Set(leftOut.map(({ stack }) => stack));
  return { leftOut, deployed: stacks.map(({ name }) => name).filter((name) => !names.has(name)) };
}
