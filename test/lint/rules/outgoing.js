import { bare, canonical, isFunction, isOnlyAName, nameOf, placeOf, valueOf, within } from '../syntax.js';

const calls = new Set([
  'fetch',
  'node:http.request',
  'node:http.get',
  'node:https.request',
  'node:https.get',
  'node:http2.connect',
  'node:net.connect',
  'node:net.createConnection',
  'node:tls.connect',
  'node:dgram.createSocket',
]);
const makings = new Set([
  'WebSocket',
  'EventSource',
  'XMLHttpRequest',
  'node:net.Socket',
  'node:tls.TLSSocket',
]);
const clientPackages = /^(?:axios|got|undici|node-fetch|ws)(?:\.|$)/;

const isOutgoing = (name) => calls.has(name) || clientPackages.test(name);

/** Calls to others are made where they are bounded: platform/outgoing. */
export const noUnboundedCall = {
  create(context) {
    const { ast: program } = context.sourceCode;
    if (placeOf(context).startsWith('platform/outgoing/')) return {};
    const message = 'A call to others that nothing bounds: use platform/outgoing.';
    return {
      CallExpression: (node) => {
        if (isOutgoing(canonical(node.callee, program))) context.report({ node, message });
      },
      // Handed on under another name, it would be called where nobody sees what it is.
      Identifier: (node) => {
        const { parent } = node;
        const isValue = !isOnlyAName(node) && parent.callee !== node && !parent.type.startsWith('TS');
        if (node.name === 'fetch' && isValue && canonical(node, program) === 'fetch')
          context.report({ node, message });
      },
      NewExpression: (node) => {
        const name = canonical(node.callee, program);
        if (makings.has(name) || clientPackages.test(name)) context.report({ node, message });
      },
    };
  },
};

const services =
  /^(?:S3|SQS|SNS|SES|KMS|SSM|STS|SFN|Lambda|Kinesis|Athena|DynamoDB(?:Streams)?|EventBridge|Scheduler|AppConfigData|SecretsManager|CloudWatch(?:Logs)?|CloudTrail|ApiGatewayManagementApi)(?:Client)?$/;

/** Clients of AWS services are made with the limits all of them share. */
export const noUnboundedClient = {
  create(context) {
    const { ast: program } = context.sourceCode;
    return {
      NewExpression: (node) => {
        if (!isAwsClient(node.callee, program) || hasLimits(node.arguments[0])) return;
        context.report({
          node,
          message:
            'A client of a service without limits: make it with { ...awsClientLimits } of platform/outgoing.',
        });
      },
    };
  },
};

function isAwsClient(callee, program) {
  const name = nameOf(callee) ?? '';
  const origin = canonical(callee, program);
  if (origin.startsWith('@aws-sdk/'))
    return origin.endsWith('Client') || services.test(origin.split('.').at(-1));
  return services.test(name);
}

function hasLimits(config) {
  if (config?.type !== 'ObjectExpression') return false;
  return config.properties.some(
    (one) => one.type === 'SpreadElement' && nameOf(one.argument) === 'awsClientLimits',
  );
}

/** Every call of a service carries the signal that bounds it. */
export const callWithSignal = {
  create(context) {
    const { ast: program } = context.sourceCode;
    return {
      CallExpression: (node) => {
        if (nameOf(node.callee) !== 'send' || node.callee.type !== 'MemberExpression') return;
        const [command, options] = node.arguments;
        if (!isCall(node, command, program) || hasSignal(options, program)) return;
        context.report({ node, message: 'A call without a signal: hand on { abortSignal } from signalFor.' });
      },
    };
  },
};

function isCall({ callee, arguments: given }, command, program) {
  const isClients = given.length === 1 && /client$/i.test(nameOf(callee.object) ?? '');
  return isClients || isCommand(command, program);
}

function isCommand(node, program) {
  const made = valueOf(node, program);
  if (made?.type === 'CallExpression') {
    const maker = valueOf(made.callee, program);
    return (
      isFunction(maker) &&
      within(maker).some((one) => one.type === 'NewExpression' && isCommand(one, program))
    );
  }
  return made?.type === 'NewExpression' && (nameOf(made.callee) ?? '').endsWith('Command');
}

function hasSignal(options, program) {
  if (options === undefined) return false;
  const given = bare(valueOf(options, program));
  if (given?.type !== 'ObjectExpression') return true;
  return given.properties.some((one) => one.type === 'SpreadElement' || nameOf(one.key) === 'abortSignal');
}
