import { ancestorsOf, callsTo, canonical, isFunction, nameOf, placeOf, valueOf } from '../syntax.js';

const ending = /^process\.(?:exit|abort|kill|reallyExit)$/;

/** Whether the process ends is decided by who started it: the command line. */
export const noExit = {
  create(context) {
    const { ast: program } = context.sourceCode;
    if (placeOf(context).startsWith('local/')) return {};
    return {
      CallExpression: (node) => {
        if (ending.test(canonical(node.callee, program)))
          context.report({ node, message: 'Ends the process for everybody in it: throw instead.' });
      },
    };
  },
};

/** Text from elsewhere may be anything; a schema that checks what was read is who speaks of the failure too. */
export const guardedParse = {
  create(context) {
    const { ast: program } = context.sourceCode;
    return {
      CallExpression: (node) => {
        if (
          canonical(node.callee, program) !== 'JSON.parse' ||
          isGuarded(node) ||
          isChecked(node) ||
          isOwnText(node, program)
        )
          return;
        context.report({
          node,
          message: 'JSON.parse throws on what is not JSON: try it, or hand it to a schema.',
        });
      },
    };
  },
};

function isGuarded(node) {
  let below = node;
  for (const up of ancestorsOf(node)) {
    if (up.type === 'TryStatement' && up.block === below && up.handler) return true;
    if (isFunction(up) && up.parent.type !== 'CallExpression') return false;
    below = up;
  }
  return false;
}

/** What was made JSON a line before. */
const isOwnText = ({ arguments: [text] }, program) => callsTo(valueOf(text, program), ['stringify']);

function isChecked({ parent }) {
  return parent.type === 'CallExpression' && nameOf(parent.callee) === 'parse';
}

const hidden =
  /^(?:Date\.now|Date|Math\.random|performance\.now|performance\.performance\.now|process\.hrtime(?:\.bigint)?|process\.uptime|(?:node:)?crypto\.(?:webcrypto\.)?(?:randomUUID|randomBytes|randomInt|randomFillSync|randomFill|getRandomValues))$/;
/** Where time and chance come in, and what only writes lines about the process itself. */
const adapters =
  /^(?:platform\/(?:clock|random|ids|secrets|telemetry)\/|platform\/keys\/secret\.ts|local\/replay\.ts)/;

/** Time and chance are given, so that a simulation can own them. */
export const noHiddenClock = {
  create(context) {
    const { ast: program } = context.sourceCode;
    if (adapters.test(placeOf(context))) return {};
    const message = 'Time and chance are dependencies: take a Clock or a Random.';
    return {
      CallExpression: (node) => {
        if (hidden.test(canonical(node.callee, program))) context.report({ node, message });
      },
      NewExpression: (node) => {
        if (canonical(node.callee, program) === 'Date' && node.arguments.length === 0)
          context.report({ node, message });
      },
    };
  },
};
