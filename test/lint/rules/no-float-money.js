import { ancestorsOf, canonical, nameOf, placeOf, valueOf, within } from '../syntax.js';

const money = /price|amount|cash|qty|quantity|notional|fee(?!d)|cost|balance|proceeds|gain|money|equity/i;
const whole = new Set(['Math.floor', 'Math.ceil', 'Math.trunc']);

/** Money, prices and quantities are integers with a declared scale; text becomes one through domain/values. */
export const noFloatMoney = {
  create(context) {
    const { ast: program } = context.sourceCode;
    const place = placeOf(context);
    if (place.startsWith('domain/values/decimal') || place.startsWith('domain/values/integer')) return {};
    const isDomain = place.startsWith('domain/');
    const report = (node) =>
      context.report({
        node,
        message: 'A fraction near money: use the integers and the rounding of domain/values.',
      });
    return {
      CallExpression: (node) => {
        const name = canonical(node.callee, program);
        const isFloat = /^(?:Number\.)?parseFloat$/.test(name) || nameOf(node.callee) === 'toFixed';
        if (isFloat || (name === 'Number' && isText(node.arguments[0]))) report(node);
      },
      UnaryExpression: (node) => {
        if (node.operator === '+' && speaksOfMoney(node.argument)) report(node);
      },
      BinaryExpression: (node) => {
        if (!isArithmetic(node)) return;
        const isNear = isDomain || speaksOfMoney(node);
        if (isNear && hasFraction(node, program)) report(node);
        else if (speaksOfMoney(node) && (isScaling(node, program) || isBareDivision(node, isDomain, program)))
          report(node);
      },
    };
  },
};

const isArithmetic = ({ operator }) => operator === '*' || operator === '/';
const hasFraction = ({ left, right }, program) =>
  [valueOf(left, program), valueOf(right, program)].some(
    ({ type, value }) => type === 'Literal' && typeof value === 'number' && !Number.isInteger(value),
  );

/** Not what is a whole number by its type already. */
function isText(node) {
  return speaksOfMoney(node) && !isBig(node);
}

function speaksOfMoney(node) {
  return within(node).some((one) => {
    if (one.type === 'Identifier') return money.test(one.name);
    return one.type === 'Literal' && typeof one.value === 'string' && money.test(one.value);
  });
}

const isBig = (node) =>
  within(node).some(
    (one) =>
      (one.type === 'Literal' && typeof one.value === 'bigint') ||
      one.type === 'TSBigIntKeyword' ||
      (one.type === 'CallExpression' && nameOf(one.callee) === 'BigInt'),
  );

/** `Math.round(amount * 100)`: the text was read as a fraction before. */
function isScaling(node, program) {
  if (node.operator !== '*' || node.right.type !== 'Literal') return false;
  return node.parent.type === 'CallExpression' && canonical(node.parent.callee, program) === 'Math.round';
}

function isBareDivision(node, isDomain, program) {
  if (node.operator !== '/' || !isDomain || isBig(node)) return false;
  for (const up of ancestorsOf(node)) {
    if (up.type === 'CallExpression' && whole.has(canonical(up.callee, program))) return false;
    if (up.params?.some((parameter) => isBig(parameter))) return false;
  }
  return true;
}
