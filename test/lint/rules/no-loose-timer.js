import { ancestorsOf, canonical, isFunction, nameOf, pathOf, within } from '../syntax.js';

/** A timer that nobody clears or lets go of keeps the process alive, and its work going, after everybody has left. */
export const noLooseTimer = {
  create(context) {
    const { ast: program } = context.sourceCode;
    return {
      CallExpression: (node) => {
        const name = canonical(node.callee, program);
        if (name !== 'setTimeout' && name !== 'setInterval') return;
        if ((name === 'setTimeout' && isSleep(node)) || isEnded(node, program)) return;
        context.report({
          node,
          message: 'Nobody clears this timer or lets go of it: keep it and clear it, or unref it.',
        });
      },
    };
  },
};

/** The promise of some time passing: whoever awaits it is its end. */
function isSleep(node) {
  for (const up of ancestorsOf(node)) {
    if (up.type === 'NewExpression' && nameOf(up.callee) === 'Promise') return true;
    if (isFunction(up) && up.parent.type !== 'NewExpression') return false;
  }
  return false;
}

function isEnded(node, program) {
  const { parent } = node;
  if (parent.type === 'MemberExpression') return nameOf(parent) === 'unref';
  const path = keptAs(node);
  if (path === undefined) return false;
  return within(program).some((one) => {
    if (one.type !== 'CallExpression') return false;
    if (/^clear(?:Timeout|Interval)$/.test(nameOf(one.callee) ?? ''))
      return pathOf(one.arguments[0]) === path;
    return nameOf(one.callee) === 'unref' && pathOf(one.callee.object) === path;
  });
}

function keptAs({ parent }) {
  if (parent.type === 'VariableDeclarator') return pathOf(parent.id);
  if (parent.type === 'AssignmentExpression') return pathOf(parent.left);
  return parent.type === 'PropertyDefinition' ? `this.${nameOf(parent.key)}` : undefined;
}
