import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

/** What was typed is not an option, or not a value of one. The message says what would be. */
export class BadArgument extends Error {
  override readonly name = 'BadArgument';
}

const exitUnusable = 2;

/** What was typed. Throws `BadArgument`. */
export function typed<const Options extends ParseArgsOptionsConfig>(options: Options) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [message = ''] = error.message.split('. ');
    throw new BadArgument(`${message}; --help lists what there is`, { cause: error });
  }
}

/** Runs a command that prints and changes nothing. What cannot be done as it was typed is told in a sentence. */
export function runPrinting(print: () => void): void {
  try {
    print();
  } catch (error) {
    if (!(error instanceof BadArgument)) throw error;
    console.error(error.message);
    process.exitCode = exitUnusable;
  }
}

/** Of a command that takes nothing else. */
export function printOrHelp(usage: string, print: () => void): void {
  runPrinting(() => {
    const { help } = typed({ help: { type: 'boolean', default: false } });
    if (help) console.log(usage);
    else print();
  });
}
