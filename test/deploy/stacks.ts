import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Stack {
  readonly name: string;
  readonly types: readonly string[];
  /** Stacks that it takes something of. */
  readonly needs: readonly string[];
}

export interface LeftOut {
  readonly stack: string;
  /** What it holds that the emulator does not know, or the stack that is left out and that it cannot do without. */
  readonly unknown: readonly string[];
}

/** What a cell cannot do without. A stack that holds any of it has to be deployed. */
const needed = ['AWS::Lambda::Function', 'AWS::DynamoDB::Table', 'AWS::AppConfig::Deployment'];

export function stacksIn(assembly: string): readonly Stack[] {
  const suffix = '.template.json';
  return readdirSync(assembly)
    .filter((file) => file.endsWith(suffix))
    .map((file) => {
      const text = readFileSync(join(assembly, file), 'utf8');
      const { Resources }: { readonly Resources: Readonly<Record<string, { readonly Type: string }>> } =
        JSON.parse(text);
      const needs = new Set(
        [...text.matchAll(/"Fn::ImportValue":\s*"([^":]+):/g)].map(([, name = '']) => name),
      );
      const types = [...new Set(Object.values(Resources).map(({ Type }) => Type))];
      return { name: file.slice(0, -suffix.length), types, needs: [...needs] };
    });
}

/** Which stacks can be deployed, and what is left out and why. Throws where a cell would not be one without it. */
export function divide(stacks: readonly Stack[], known: ReadonlySet<string>) {
  const leftOut: LeftOut[] = [];
  const isOut = (name: string) => leftOut.some(({ stack }) => stack === name);
  // Once for each that falls out, and those that need it fall out with it.
  for (let before = -1; before < leftOut.length; ) {
    before = leftOut.length;
    for (const { name, types, needs } of stacks) {
      const unknown = [...types.filter((type) => !known.has(type)), ...needs.filter(isOut)];
      if (isOut(name) || unknown.length === 0) continue;
      const [first] = types.filter((type) => needed.includes(type));
      if (first) {
        throw new Error(
          `${name} has ${first} and cannot be deployed: the emulator does not know ${unknown.join(', ')}. Such types need a stack of their own.`,
        );
      }
      leftOut.push({ stack: name, unknown });
    }
  }
  return { leftOut, deployed: stacks.map(({ name }) => name).filter((name) => !isOut(name)) };
}
