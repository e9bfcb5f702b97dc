import { UnusableOptions } from './options.ts';

type Kind = abstract new (...given: never[]) => Error;

/** What was asked cannot be done. */
const exitUnusable = 2;

/** What the person at the terminal can do something about is told in a sentence, anything else with its stack. */
export async function runCommand(
  main: (words: readonly string[]) => Promise<number>,
  expected: readonly Kind[],
): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    if (!isOneOf(error, [UnusableOptions, ...expected])) throw error;
    console.error(error.message);
    process.exitCode = exitUnusable;
  }
}

function isOneOf(error: unknown, kinds: readonly Kind[]): error is Error {
  return kinds.some((kind) => error instanceof kind);
}
