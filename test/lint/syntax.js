/**
 * What the rules ask of a syntax tree. There are no types here: a thing is known by where it was imported from, by what it was
 * declared as in the same file, or by its name.
 */

const skipped = new Set(['parent', 'loc', 'range', 'start', 'end', 'type', 'tokens', 'comments']);

function childrenInto(node, children) {
  for (const key in node) {
    if (skipped.has(key)) continue;
    const value = node[key];
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value)) {
      if (typeof value.type === 'string') children.push(value);
      continue;
    }
    for (const one of value) if (typeof one?.type === 'string') children.push(one);
  }
}

const trees = new WeakMap();

/** Every node below, itself first. The same node is looked through once for all rules. */
export function within(node) {
  if (!node) return [];
  const known = trees.get(node);
  if (known) return known;
  const found = walked(node, () => true);
  trees.set(node, found);
  return found;
}

function walked(first, into) {
  const found = [];
  const waiting = [first];
  while (waiting.length > 0) {
    const node = waiting.pop();
    found.push(node);
    const children = [];
    childrenInto(node, children);
    for (const child of children.toReversed()) if (into(child)) waiting.push(child);
  }
  return found;
}

export const isFunction = (node) =>
  ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'].includes(node?.type);

/** Without what belongs to functions inside of it. */
export const ownNodes = (node) => (node ? walked(node, (child) => !isFunction(child)) : []);

export function* ancestorsOf(node) {
  for (let up = node.parent; up; up = up.parent) yield up;
}

/** The function a node is in; the whole file when in none. */
export function functionAround(node) {
  let last = node;
  for (const up of ancestorsOf(node)) {
    if (isFunction(up)) return up;
    last = up;
  }
  return last;
}

/** Parentheses, `as`, `!` and `?.` around a value say nothing about what it is. */
export function bare(node) {
  const wrappers = [
    'TSAsExpression',
    'TSNonNullExpression',
    'TSSatisfiesExpression',
    'ChainExpression',
    'ParenthesizedExpression',
    'AwaitExpression',
  ];
  let inner = node;
  while (wrappers.includes(inner?.type)) inner = inner.expression ?? inner.argument;
  return inner;
}

/** The last name of `a`, `a.b`, `a['b']`, `this.#b`. */
export function nameOf(node) {
  const inner = bare(node);
  if (inner?.type === 'Identifier') return inner.name;
  if (inner?.type === 'PrivateIdentifier') return `#${inner.name}`;
  if (inner?.type !== 'MemberExpression') return undefined;
  const { property, computed } = inner;
  if (!computed) return nameOf(property);
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined;
}

/** `this.#client.send` for that expression; undefined where something else than names is in it. */
export function pathOf(node) {
  const inner = bare(node);
  if (inner?.type === 'ThisExpression') return 'this';
  if (inner?.type !== 'MemberExpression') return nameOf(inner);
  const [from, name] = [pathOf(inner.object), nameOf(inner)];
  return from === undefined || name === undefined ? undefined : `${from}.${name}`;
}

/** The names a pattern binds, each with the name of the property it takes, if it takes one. */
export function* boundBy(pattern, property) {
  switch (pattern?.type) {
    case 'Identifier':
      yield { identifier: pattern, name: pattern.name, property };
      break;
    case 'ObjectPattern':
      for (const one of pattern.properties) {
        if (one.type === 'RestElement') yield* boundBy(one.argument);
        else yield* boundBy(one.value, nameOf(one.key));
      }
      break;
    case 'ArrayPattern':
      for (const one of pattern.elements) yield* boundBy(one);
      break;
    case 'AssignmentPattern':
      yield* boundBy(pattern.left, property);
      break;
    case 'RestElement':
      yield* boundBy(pattern.argument);
      break;
    case 'TSParameterProperty':
      yield* boundBy(pattern.parameter, property);
      break;
  }
}

const files = new WeakMap();

/** What the file declares: where names come from, and what they were first given. */
export function declarationsOf(program) {
  const known = files.get(program) ?? declarations(program);
  files.set(program, known);
  return known;
}

function declarations(program) {
  const origins = new Map();
  const values = new Map();
  for (const node of within(program)) {
    if (node.type === 'ImportDeclaration') noteImport(node, origins);
    else if (node.type === 'VariableDeclarator') noteVariable(node, origins, values);
    else if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration')
      values.set(node.id?.name, node);
    else if (node.type === 'PropertyDefinition' && node.value)
      values.set(`this.${nameOf(node.key)}`, node.value);
    if (isFunction(node)) noteParameters(node, origins);
  }
  return { origins, values };
}

function noteImport({ source, specifiers }, origins) {
  for (const specifier of specifiers) {
    const imported = specifier.type === 'ImportSpecifier' ? `.${nameOf(specifier.imported)}` : '';
    origins.set(specifier.local.name, source.value + imported);
  }
}

function noteParameters({ params }, origins) {
  const names = params.flatMap((parameter) => [...boundBy(parameter)]).map(({ name }) => name);
  for (const name of names) if (!origins.has(name)) origins.set(name, `local ${name}`);
}

function noteVariable({ id, init }, origins, values) {
  if (id.type === 'Identifier') values.set(id.name, init ?? undefined);
  const from = bare(init);
  for (const { name, property } of boundBy(id)) {
    const whole = pathOf(from);
    if (id.type === 'ObjectPattern' && whole !== undefined && property !== undefined)
      origins.set(name, `${resolved(whole, origins)}.${property}`);
    else if (id.type === 'Identifier' && whole !== undefined && whole !== name)
      origins.set(name, resolved(whole, origins));
    else origins.set(name, `local ${name}`);
  }
}

function resolved(path, origins) {
  const [first = '', ...rest] = path.split('.');
  return [origins.get(first) ?? first, ...rest].join('.');
}

const sameThing = [
  [/^globalThis\./, ''],
  [/^global\./, ''],
  [/^node:process(\.default)?\./, 'process.'],
  [/^node:(timers|perf_hooks)\./, ''],
  [/^node:process$/, 'process'],
];

/** The one name of what is called or made: `fetch`, `process.exit`, `node:fs.createReadStream`. Its own names are `local ...`. */
export function canonical(callee, program) {
  const path = pathOf(callee);
  if (path === undefined) return '';
  return sameThing.reduce(
    (name, [from, to]) => name.replace(from, to),
    resolved(path, declarationsOf(program).origins),
  );
}

/** What an expression was first given, when it is a name of this file. */
export function valueOf(node, program) {
  const inner = bare(node);
  const path = pathOf(inner);
  const known = path === undefined ? undefined : declarationsOf(program).values.get(path);
  return known ?? inner;
}

export function mentions(node, name) {
  for (const one of within(node))
    if (one.type === 'Identifier' && one.name === name && !isOnlyAName(one)) return true;
  return false;
}

/** `x` in `a.x` and `{ x: 1 }` is not the variable. */
export function isOnlyAName(identifier) {
  const { parent } = identifier;
  if (parent?.type === 'MemberExpression') return parent.property === identifier && !parent.computed;
  return parent?.type === 'Property' && parent.key === identifier && !parent.computed && !parent.shorthand;
}

/** Where the file is, from one of our folders on. */
export function placeOf(context) {
  const path = context.filename.replaceAll('\\', '/');
  const at = path.search(
    /(?:^|\/)(?:domain|platform|functions|local|docs)\/(?!.*\/(?:domain|platform|functions|local)\/)/,
  );
  return at < 0 ? path : path.slice(at).replace(/^\//, '');
}

export const callsTo = (node, names) =>
  within(node).some((one) => one.type === 'CallExpression' && names.includes(nameOf(one.callee)));
