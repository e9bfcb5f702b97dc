import { canonical, isFunction, mentions, nameOf, pathOf, within } from '../syntax.js';

const made =
  /^node:fs\.create(?:Read|Write)Stream$|^node:child_process\.(?:spawn|fork|execFile|exec)$|^node:worker_threads\.Worker$|^node:zlib\.create\w+$|^node:net\.createServer$/;
const listening = /^(?:on|once|addListener|prependListener)$/;

/** An `error` that nobody listens for ends the process. */
export const streamHasErrorHandler = {
  create(context) {
    const { ast: program } = context.sourceCode;
    const message =
      'Nobody listens for its error, which then ends the process: add a handler, or use pipeline.';
    const check = (node) => {
      const name = canonical(node.callee, program);
      if (!made.test(name) || isCalledBack(name, node)) return;
      if (!isWatched(node, program)) context.report({ node, message });
      for (const socket of socketsOf(name, node))
        if (!hasHandler(socket.name, socket.parent)) context.report({ node: socket, message });
    };
    return { CallExpression: check, NewExpression: check };
  },
};

/** Told of failure by a callback. */
function isCalledBack(name, { arguments: given }) {
  return /\.exec(?:File)?$/.test(name) && isFunction(given.at(-1));
}

function socketsOf(name, { arguments: given }) {
  if (name !== 'node:net.createServer') return [];
  return given
    .filter(isFunction)
    .flatMap(({ params: [socket] }) => (socket?.type === 'Identifier' ? [socket] : []));
}

function isWatched(call, program) {
  const { end, hasPipe, hasListener } = chainFrom(call);
  if (hasListener) return true;
  const { parent } = end;
  if (hasPipe && parent.type !== 'VariableDeclarator') return false;
  if (parent.type === 'ForOfStatement') return parent.await;
  if (parent.type === 'CallExpression' && parent.arguments.includes(end))
    return nameOf(parent.callee) !== 'pipe';
  if (parent.type === 'VariableDeclarator') return !hasPipe && hasHandler(parent.id.name, program);
  if (parent.type === 'AssignmentExpression') return hasHandler(pathOf(parent.left), program);
  if (parent.type === 'PropertyDefinition') return hasHandler(`this.${nameOf(parent.key)}`, program);
  return parent.type !== 'ExpressionStatement' && end === call;
}

/** Follows `made().on(...).pipe(...)` to its end. */
function chainFrom(call) {
  let end = call;
  let hasPipe = false;
  let hasListener = false;
  while (end.parent.type === 'MemberExpression' && end.parent.object === end) {
    const called = end.parent.parent;
    if (called?.type !== 'CallExpression' || called.callee !== end.parent) break;
    const name = nameOf(end.parent);
    hasPipe ||= name === 'pipe';
    hasListener ||= isErrorListener(called);
    end = called;
  }
  return { end, hasPipe, hasListener };
}

function isErrorListener({ callee, arguments: [first] }) {
  return listening.test(nameOf(callee) ?? '') && first?.type === 'Literal' && first.value === 'error';
}

/** Somewhere in the file: a listener of its own, or somebody it was handed to. */
function hasHandler(path, root) {
  if (path === undefined) return true;
  const name = path.split('.').at(-1);
  for (const node of within(root)) {
    if (node.type === 'CallExpression') {
      if (isErrorListener(node) && pathOf(node.callee.object) === path) return true;
      const isGiven = node.arguments.some((given) => pathOf(given) === path);
      if (isGiven && nameOf(node.callee) !== 'pipe') return true;
    }
    if (node.type === 'ForOfStatement' && node.await && mentions(node.right, name)) return true;
  }
  return false;
}
