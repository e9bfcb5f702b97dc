import { bare, functionAround, nameOf, pathOf, within } from '../syntax.js';

const collecting = /queue|backlog|pending|waiting|inbox|outbox|buffer|jobs|history|cache|seen|recent|spans/i;
const growing = /^(?:push|unshift|add|set)$/;
const relational = new Set(['<', '<=', '>', '>=', '===', '!==']);

/** What outlives a call and grows with every call needs somebody who looks at its size. */
export const queueIsBounded = {
  create(context) {
    return {
      'Program:exit': (program) => {
        const nodes = within(program);
        for (const { path, node } of nodes.flatMap(longLived)) {
          if (!nodes.some((one) => isGrowth(one, path, node)) || nodes.some((one) => looksAtSize(one, path)))
            continue;
          context.report({ node, message: `${path} grows with every call and nobody bounds it.` });
        }
      },
    };
  },
};

/** Fields, variables of the file, and variables that functions inside of their own keep. */
function longLived(node) {
  if (node.type === 'PropertyDefinition' && isEmptyCollection(node.value)) {
    const path = `this.${nameOf(node.key)}`;
    return collecting.test(path) ? [{ path, node }] : [];
  }
  if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier') return [];
  const { name } = node.id;
  return collecting.test(name) && isEmptyCollection(node.init) ? [{ path: name, node }] : [];
}

function isEmptyCollection(value) {
  const given = bare(value);
  if (given?.type === 'ArrayExpression') return given.elements.length === 0;
  if (given?.type === 'ObjectExpression') return given.properties.length === 0;
  return (
    given?.type === 'NewExpression' &&
    /^(?:Map|Set)$/.test(nameOf(given.callee)) &&
    given.arguments.length === 0
  );
}

/** In another function than the one it was made in: what one call fills for itself is gone with it. */
function isGrowth(node, path, declared) {
  if (declared.type === 'VariableDeclarator' && functionAround(node) === functionAround(declared))
    return false;
  if (node.type === 'CallExpression' && isTakenBack(node, path)) return false;
  if (node.type === 'CallExpression')
    return growing.test(nameOf(node.callee) ?? '') && pathOf(node.callee.object) === path;
  if (node.type !== 'AssignmentExpression') return false;
  const { left, right } = node;
  if (left.type === 'MemberExpression' && left.computed && pathOf(left.object) === path) return true;
  return pathOf(left) === path && (isSpreadOf(right, path) || isConcat(right, path));
}

/** Who puts it in takes it out again. */
function isTakenBack(node, path) {
  return within(functionAround(node)).some(
    (one) =>
      one.type === 'CallExpression' && nameOf(one.callee) === 'delete' && pathOf(one.callee.object) === path,
  );
}

const isSpreadOf = (node, path) =>
  node.type === 'ArrayExpression' &&
  node.elements.some((one) => one?.type === 'SpreadElement' && pathOf(one.argument) === path);
const isConcat = (node, path) =>
  node.type === 'CallExpression' && nameOf(node.callee) === 'concat' && pathOf(node.callee.object) === path;

/** Compared with something, or kept to be. Whether it is empty is no bound. */
function looksAtSize(node, path) {
  if (
    node.type !== 'MemberExpression' ||
    !/^(?:length|size)$/.test(nameOf(node) ?? '') ||
    pathOf(node.object) !== path
  )
    return false;
  const { parent } = node;
  if (parent.type !== 'BinaryExpression')
    return parent.type === 'VariableDeclarator' || parent.type === 'CallExpression';
  const other = parent.left === node ? parent.right : parent.left;
  return relational.has(parent.operator) && !(other.type === 'Literal' && Number(other.value) <= 1);
}
