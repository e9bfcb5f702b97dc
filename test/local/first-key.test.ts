import { execFile } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Loopback } from '../support/loopback.ts';

/** A DynamoDB that refuses every call in the same way. */
class Refusing extends Loopback {
  readonly #why: string;
  constructor(why: string) {
    super();
    this.#why = why;
  }

  protected answer(_request: IncomingMessage, _body: Buffer, response: ServerResponse): void {
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${this.#why}`, message: 'no' }));
  }
}

let dynamoDb: Refusing | undefined;
beforeEach(() => {
  dynamoDb = undefined;
});
afterEach(() => dynamoDb?.stop());

const nowhere = join(tmpdir(), 'ordercell-no-such-file');
/** Nothing of the machine's own: neither files nor a role. */
const bare = {
  PATH: process.env['PATH'],
  AWS_CONFIG_FILE: nowhere,
  AWS_SHARED_CREDENTIALS_FILE: nowhere,
  AWS_EC2_METADATA_DISABLED: 'true',
};
const withCredentials = { ...bare, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };

async function run(words: readonly string[], env: NodeJS.ProcessEnv) {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['local/first-key.ts', ...words], { env });
    return { code: 0, out: stdout, err: '' };
  } catch (error) {
    const { code, stdout, stderr } = Object(error);
    return { code: Number(code), out: String(stdout), err: String(stderr) };
  }
}

test('without AWS credentials it says so in one sentence', async () => {
  const err =
    'no key was issued: there are no AWS credentials; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\n';
  // Nobody listens there: credentials are looked for first.
  const words = ['--cell', 'eu-central-1', '--endpoint', 'http://127.0.0.1:1'];
  expect(await run(words, bare)).toEqual({ code: 2, out: '', err });
});

test.each([
  [
    'ResourceNotFoundException',
    'the account of these credentials has no table ordercell-eu-central-1-log in eu-central-1; --cell is a region that a cell was deployed to',
  ],
  [
    'AccessDeniedException',
    'these credentials need PutItem and GetItem on ordercell-eu-central-1-log and ordercell-eu-central-1-items (AccessDeniedException: no)',
  ],
  ['UnrecognizedClientException', 'AWS does not take these credentials (UnrecognizedClientException: no)'],
  [
    'ValidationException',
    'DynamoDB in eu-central-1 did not do it; is that a region, and can it be reached from here? (ValidationException: no)',
  ],
])('what AWS refuses with %s is told in one sentence', async (why, sentence) => {
  dynamoDb = await new Refusing(why).listening();
  const words = ['--cell', 'eu-central-1', '--endpoint', dynamoDb.endpoint];
  const err = `no key was issued: ${sentence}\n`;
  expect(await run(words, withCredentials)).toEqual({ code: 2, out: '', err });
});

test('an unknown option and a missing cell are refused with what would be right', async () => {
  expect((await run(['--sell', 'x'], bare)).err).toBe(
    "Unknown option '--sell'; --help lists what there is\n",
  );
  expect(await run([], bare)).toEqual({
    code: 2,
    out: '',
    err: '--cell is needed, e.g. --cell eu-central-1\n',
  });
});
