import {
  ancestorsOf,
  bare,
  boundBy,
  callsTo,
  canonical,
  functionAround,
  isFunction,
  mentions,
  nameOf,
  valueOf,
  within,
} from '../syntax.js';

/** `void` does not make a dropped promise less dropped. */
export const noVoidedCall = {
  create(context) {
    return {
      UnaryExpression: (node) => {
        if (node.operator !== 'void' || bare(node.argument).type !== 'CallExpression') return;
        context.report({
          node,
          message: 'void drops what the call promises: await it, keep it, or handle its failure.',
        });
      },
    };
  },
};

const takers =
  /^(?:forEach|filter|some|every|find|findIndex|findLast|sort|toSorted|on|once|addListener|prependListener|addEventListener|subscribe|setTimeout|setInterval|setImmediate|queueMicrotask|nextTick)$/;

/** Nobody waits for what these call, and a promise is always true. */
export const noAsyncCallback = {
  create(context) {
    return {
      CallExpression: (node) => {
        const name = nameOf(node.callee) ?? '';
        if (!takers.test(name)) return;
        for (const given of node.arguments)
          if (isFunction(given) && given.async)
            context.report({
              node: given,
              message: `${name} does not wait for an async callback, nor see it fail.`,
            });
      },
    };
  },
};

/** The results of allSettled are where the failures are. */
export const settledIsRead = {
  create(context) {
    const { ast: program } = context.sourceCode;
    const message = 'Nobody looks for the rejections that allSettled collects.';
    return {
      CallExpression: (node) => {
        if (canonical(node.callee, program) === 'Promise.allSettled' && !isRead(node))
          context.report({ node, message });
      },
    };
  },
};

function isRead(call) {
  const around = functionAround(call);
  if (looksAtReasons(around)) return true;
  let node = call;
  while (node.parent.type === 'AwaitExpression' || node.parent.type === 'TSAsExpression') node = node.parent;
  const { parent } = node;
  if (parent.type === 'ReturnStatement' || (isFunction(parent) && parent.body === node)) return true;
  if (parent.type === 'CallExpression') return parent.arguments.includes(node);
  if (parent.type !== 'VariableDeclarator' || parent.id.type !== 'Identifier') return false;
  return isHandedOn(parent.id.name, around);
}

function looksAtReasons(around) {
  return within(around).some(
    (node) =>
      (node.type === 'Literal' && node.value === 'rejected') ||
      (node.type === 'MemberExpression' && nameOf(node) === 'reason'),
  );
}

function isHandedOn(name, around) {
  return within(around).some(
    (node) =>
      node.type === 'Identifier' &&
      node.name === name &&
      ((node.parent.type === 'CallExpression' && node.parent.arguments.includes(node)) ||
        node.parent.type === 'ReturnStatement'),
  );
}

/** A race leaves the timer that lost it behind, unless somebody clears it. */
export const raceClearsTimer = {
  create(context) {
    const { ast: program } = context.sourceCode;
    return {
      CallExpression: (node) => {
        if (!/^Promise\.(?:race|any)$/.test(canonical(node.callee, program))) return;
        const contestants = valueOf(node.arguments[0], program);
        const around = functionAround(node);
        if (contestants?.type !== 'ArrayExpression' || callsTo(around, ['clearTimeout', 'abort'])) return;
        if (contestants.elements.some((one) => isTimer(one, around, program)))
          context.report({
            node,
            message: 'The timer of this race is never cleared: clear it when the race is over.',
          });
      },
    };
  },
};

const isTimeout = (node, program) =>
  node.type === 'CallExpression' && /(?:^|\.)setTimeout$/.test(canonical(node.callee, program));

function isTimer(node, around, program, depth = 0) {
  const inner = bare(node);
  if (!inner || depth > 4) return false;
  if (inner.type === 'Identifier') return isTimerVariable(inner, around, program, depth);
  if (inner.type === 'NewExpression')
    return nameOf(inner.callee) === 'Promise' && within(inner).some((one) => isTimeout(one, program));
  if (inner.type !== 'CallExpression') return false;
  if (canonical(inner.callee, program).startsWith('node:timers/promises')) return !mentionsSignal(inner);
  if (inner.callee.type === 'MemberExpression' && ['then', 'catch', 'finally'].includes(nameOf(inner.callee)))
    return isTimer(inner.callee.object, around, program, depth + 1);
  const called = valueOf(inner.callee, program);
  return isFunction(called) && within(called).some((one) => isTimeout(one, program));
}

function isTimerVariable(identifier, around, program, depth) {
  const value = valueOf(identifier, program);
  if (value !== identifier) return isTimer(value, around, program, depth + 1);
  // The promise of withResolvers, whose resolve a timer was given.
  for (const node of within(around)) {
    if (node.type !== 'VariableDeclarator') continue;
    const bound = [...boundBy(node.id)];
    if (!bound.some(({ name }) => name === identifier.name)) continue;
    const timers = within(around).filter((one) => isTimeout(one, program));
    return timers.some((timer) => bound.some(({ name }) => mentions(timer, name)));
  }
  return false;
}

const mentionsSignal = (node) =>
  mentions(node, 'signal') ||
  within(node).some((one) => one.type === 'Property' && nameOf(one.key) === 'signal');

const bounds = /^_?(?:signal|abortSignal|deadline)$/;
const boundTypes = new Set(['AbortSignal', 'Deadline']);

/** Who takes a signal or a deadline has promised to end by it. */
export const signalIsUsed = {
  create(context) {
    const report = (identifier) =>
      context.report({
        node: identifier,
        message: `${identifier.name} bounds nothing here: hand it on, or do not take it.`,
      });
    return {
      ':function': (node) => {
        if (!node.body || !within(node.body).some(({ type }) => type === 'CallExpression')) return;
        for (const parameter of node.params)
          for (const bound of boundBy(parameter))
            if (
              isBound(bound, parameter) &&
              !mentions(node.body, bound.name) &&
              !isUsedByOthers(node, parameter, bound)
            )
              report(bound.identifier);
      },
      VariableDeclarator: (node) => {
        if (node.id.type !== 'ObjectPattern') return;
        for (const bound of boundBy(node.id))
          if (bounds.test(bound.property ?? '') && !isUsedElsewhere(bound, functionAround(node)))
            report(bound.identifier);
      },
    };
  },
};

/** `_deadline: unknown` says that it is not looked at: its place is needed for what comes after it. */
function isBound({ name, property, identifier }, parameter) {
  if (identifier.typeAnnotation?.typeAnnotation.type === 'TSUnknownKeyword') return false;
  if (bounds.test(property ?? name)) return true;
  const typed = identifier.typeAnnotation ?? parameter.left?.typeAnnotation;
  if (!typed || parameter.type === 'ObjectPattern') return false;
  return within(typed).some((one) => one.type === 'TSTypeReference' && boundTypes.has(nameOf(one.typeName)));
}

/** In the default of another parameter. */
function isUsedByOthers({ params }, own, { name }) {
  return params.some((other) => other !== own && mentions(other, name));
}

function isUsedElsewhere({ identifier, name }, around) {
  return within(around).some(
    (node) =>
      node.type === 'Identifier' &&
      node.name === name &&
      node !== identifier &&
      ![...ancestorsOf(node)].includes(identifier.parent),
  );
}
