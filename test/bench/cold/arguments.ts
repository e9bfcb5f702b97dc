import { parseArgs } from 'node:util';

export interface ColdArguments {
  readonly rounds: number;
  /** The function whose bundle is taken apart. */
  readonly parts: string;
}

export function parsedArguments(given: readonly string[]): ColdArguments {
  const { values } = parseArgs({
    args: [...given],
    options: { rounds: { type: 'string', default: '11' }, parts: { type: 'string', default: '' } },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number from 1 up');
  return { rounds, parts: values.parts };
}
