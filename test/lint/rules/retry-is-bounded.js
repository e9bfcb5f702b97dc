import { bare, mentions, nameOf, ownNodes, pathOf, within } from '../syntax.js';

const service = /stop|clos|abort|running|shut|dirty|destroyed/i;
const exits = new Set(['ThrowStatement', 'ReturnStatement', 'BreakStatement']);
const mutating = /^(?:push|add|set|delete|shift|pop|unshift|splice|next)$/;

/** What is tried again is tried so many times, or until a deadline, and then given up. Loops that serve until they are stopped may go on. */
export const retryIsBounded = {
  create(context) {
    const report = (node) =>
      context.report({
        node,
        message: 'This is tried again without an end: count the tries, or look at the deadline.',
      });
    const checkLoop = (loop) => {
      if (!isService(loop) && (catchesForEver(loop) || repeatsForEver(loop))) report(loop);
    };
    return {
      WhileStatement: checkLoop,
      DoWhileStatement: checkLoop,
      ForStatement: checkLoop,
      ':function': (node) => {
        for (const call of selfCalls(node)) report(call);
      },
    };
  },
};

const isService = ({ test }) => within(test).some((node) => service.test(nameOf(node) ?? ''));
const isEndless = ({ test }) => !test || (test.type === 'Literal' && Boolean(test.value));
/** A step that waits for an answer counts nothing. */
const counts = ({ update }) => Boolean(update) && !isAwaited(update);
const isCounted = (loop) => loop.type === 'ForStatement' && Boolean(loop.test) && counts(loop);

/** A failure leads back to the beginning and never out. */
function catchesForEver(loop) {
  if (isCounted(loop)) return false;
  return ownNodes(loop.body).some(
    (node) =>
      node.type === 'CatchClause' &&
      isAwaited(node.parent.block) &&
      !ownNodes(node.body).some(({ type }) => exits.has(type)) &&
      !isLeftAfter(node.parent, loop),
  );
}

/** Whatever comes after the try leaves the loop. */
function isLeftAfter(tried, loop) {
  const { body } = loop;
  const statements = body.type === 'BlockStatement' ? body.body : [];
  const after = statements.slice(statements.indexOf(tried) + 1);
  return statements.includes(tried) && after.some(({ type }) => exits.has(type));
}

const isAwaited = (node) => ownNodes(node).some(({ type }) => type === 'AwaitExpression');

/** The same call again, although nothing it is given has changed. */
function repeatsForEver(loop) {
  if (isCounted(loop) || counts(loop) || !isAwaited(loop)) return false;
  if (isEndless(loop) && !comesBack(loop)) return false;
  return !makesProgress(loop);
}

/** Goes round again on some outcome, not on some position. */
function comesBack(loop) {
  return (
    ownNodes(loop.body).some(({ type }) => type === 'ContinueStatement') ||
    ownNodes(loop.body).some(({ type }) => type === 'ReturnStatement' || type === 'BreakStatement')
  );
}

function makesProgress(loop) {
  const inside = new Set();
  for (const node of ownNodes(loop.body))
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier') inside.add(node.id.name);
  const nodes = ownNodes(loop);
  return nodes.some((node) => {
    if (node.type === 'UpdateExpression') return true;
    if (node.type === 'CallExpression') return isMutation(node, inside);
    if (node.type !== 'AssignmentExpression') return false;
    if (node.operator !== '=') return true;
    return isGivenOn(bare(node.left), node, nodes, inside);
  });
}

function isMutation({ callee }, inside) {
  if (callee.type !== 'MemberExpression' || !mutating.test(nameOf(callee) ?? '')) return false;
  const [owner = ''] = (pathOf(callee.object) ?? '').split('.');
  return owner !== '' && !inside.has(owner);
}

/** What is assigned is what the next call is given: a page's token, a list that gets shorter. */
function isGivenOn(left, assignment, nodes, inside) {
  const path = pathOf(left);
  if (path === undefined) return left.type === 'MemberExpression';
  if (inside.has(path)) return false;
  const [name = ''] = path.split('.').slice(-1);
  return nodes.some(
    (node) =>
      (node.type === 'CallExpression' || node.type === 'NewExpression') &&
      (node.arguments.some((given) => mentions(given, name) || pathOf(given) === path) ||
        (node.callee.type === 'MemberExpression' && mentions(node.callee.object, name))),
  );
}

/** A function that calls itself with what it was given. */
function selfCalls(node) {
  const name =
    node.id?.name ?? (node.parent?.type === 'VariableDeclarator' ? node.parent.id.name : undefined);
  const method = node.parent?.type === 'MethodDefinition' ? nameOf(node.parent.key) : undefined;
  if (!node.async || (name === undefined && method === undefined)) return [];
  const self = name ?? `this.${method}`;
  const parameters = node.params.map((parameter) => nameOf(parameter.left ?? parameter));
  return ownNodes(node.body).filter(
    (one) =>
      one.type === 'CallExpression' &&
      pathOf(one.callee) === self &&
      one.arguments.every((given) => given.type === 'Identifier' && parameters.includes(given.name)),
  );
}
