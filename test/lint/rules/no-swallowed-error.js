import {
  bare,
  boundBy,
  canonical,
  isFunction,
  isOnlyAName,
  ownNodes,
  pathOf,
  valueOf,
  within,
} from '../syntax.js';

const logging =
  /(?:^|\.)#?(?:console|log|logger)\.(?:error|warn|info|debug|trace|log)$|(?:^|\.)std(?:err|out)\.write$/;
const wordsMin = 5;

/**
 * An error is thrown on, carried by what is returned, stored or called, or told by an exit code. A log line is not somebody who
 * knows. One form needs no error: an attempt without awaiting whose failure has one meaning, which a comment says, answered by
 * `undefined`, `false` or `null`.
 */
export const noSwallowedError = {
  create(context) {
    const { ast: program } = context.sourceCode;
    const check = (node, handler) => {
      if (!isCarried(handler, context)) context.report({ node, message: messageFor(handler, program) });
    };
    return {
      CatchClause: (node) =>
        check(node, { parameter: node.param, body: node.body, attempt: node.parent.block }),
      CallExpression: (node) => {
        if (goesOnAnyway(node, context)) return;
        for (const given of handlersIn(node)) {
          const handler = valueOf(given, program);
          if (isFunction(handler)) check(given, { parameter: handler.params[0], body: handler.body });
        }
      },
    };
  },
};

function handlersIn({ callee, arguments: given }) {
  if (callee.type !== 'MemberExpression') return [];
  const [first, second] = given;
  const path = callee.property.name;
  if (path === 'catch' && first) return [first];
  return path === 'then' && second ? [second] : [];
}

/** `then(next, next)`: waits for its turn, whatever became of who was before. */
function goesOnAnyway({ arguments: [first, second] }, { sourceCode }) {
  return first && second && isFunction(second) && sourceCode.getText(first) === sourceCode.getText(second);
}

function isCarried(handler, context) {
  const { parameter, body } = handler;
  const { ast: program } = context.sourceCode;
  const names = [...boundBy(parameter)].map(({ name }) => name);
  return (
    within(body).some((node) => isThrown(node) || tellsByExitCode(node, program)) ||
    isUsed(names, body) ||
    isExplained(handler, context)
  );
}

function isThrown(node) {
  if (node.type === 'ThrowStatement') return true;
  return node.type === 'CallExpression' && /(?:^|\.)reject$/.test(pathOf(node.callee) ?? '');
}

function tellsByExitCode(node, program) {
  if (node.type === 'AssignmentExpression') return canonical(node.left, program) === 'process.exitCode';
  return node.type === 'CallExpression' && canonical(node.callee, program) === 'process.exit';
}

/** Anywhere but in a log line, also under the name of what was made of it. */
function isUsed(names, body, seen = new Set()) {
  for (const node of within(body)) {
    if (node.type !== 'Identifier' || !names.includes(node.name) || isOnlyAName(node) || isOnlyAsked(node))
      continue;
    const { inLog, madeInto } = whereabouts(node, body);
    if (inLog) continue;
    if (madeInto === undefined) return true;
    const made = [...boundBy(madeInto)].map(({ name }) => name).filter((name) => !seen.has(name));
    for (const name of made) seen.add(name);
    if (made.length > 0 && isUsed(made, body, seen)) return true;
  }
  return false;
}

/** `if (error instanceof Known)` looks at the error and lets it go; where it is thrown on elsewhere that was found before. */
function isOnlyAsked({ parent }) {
  let up = parent;
  if (up.type !== 'BinaryExpression' || up.operator !== 'instanceof') return false;
  while (up.parent.type === 'UnaryExpression' || up.parent.type === 'LogicalExpression') up = up.parent;
  return up.parent.type === 'IfStatement' && up.parent.test === up;
}

function whereabouts(node, body) {
  for (let up = node; up && up !== body; up = up.parent) {
    const { parent } = up;
    if (
      parent?.type === 'CallExpression' &&
      parent.callee !== up &&
      logging.test(pathOf(parent.callee) ?? '')
    )
      return { inLog: true };
    if (parent?.type === 'VariableDeclarator')
      return parent.id === up ? { inLog: true } : { madeInto: parent.id };
  }
  return {};
}

function isExplained({ body, attempt }, { sourceCode }) {
  if (!attempt || ownNodes(attempt).some(({ type }) => type === 'AwaitExpression')) return false;
  const [only, ...others] = body.body;
  if (only?.type !== 'ReturnStatement' || others.length > 0 || !isNothing(only.argument)) return false;
  const words = sourceCode.getCommentsInside(body).flatMap(({ value }) => value.match(/[\p{L}'’]+/gu) ?? []);
  return words.length >= wordsMin;
}

function isNothing(node) {
  const value = bare(node);
  return value?.type === 'Identifier'
    ? value.name === 'undefined'
    : value?.value === null || value?.value === false;
}

function messageFor({ body }, program) {
  const isEmpty = body.type === 'BlockStatement' && body.body.every(({ type }) => type === 'EmptyStatement');
  if (isEmpty)
    return 'The error ends here and nobody knows. Throw it on, or hand it to who can do something.';
  const isLogged = within(body).some(
    (node) => node.type === 'CallExpression' && logging.test(canonical(node.callee, program)),
  );
  if (isLogged) return 'The error ends in a log line. Whoever called must be told too.';
  return 'The error ends in a value that does not tell it from success.';
}
