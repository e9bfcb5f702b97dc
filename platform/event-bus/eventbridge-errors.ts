/**
 * What a failure says about trying again.
 * - `later`: the same may succeed a moment later.
 * - `content`: this entry, or one in this request, will never be taken.
 * - `installation`: a missing right or setting: nothing succeeds until somebody has put it right, and then everything does.
 */
export type Fault = 'later' | 'content' | 'installation';

/** The codes inside a 200 that mean the entry itself. Codes that nobody has documented are tried again. */
const contentCodes = new Set(['MalformedDetail', 'InvalidArgument', 'ValidationException']);
const installationCodes = new Set([
  'AccessDeniedException',
  'InvalidAccountIdException',
  'NotAuthorizedForSourceException',
  'NotAuthorizedForDetailTypeException',
]);

export function faultOfEntry(code: string): Fault {
  if (contentCodes.has(code)) return 'content';
  return installationCodes.has(code) ? 'installation' : 'later';
}

const throttled = new Set([
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'RequestLimitExceeded',
]);

/** Of a whole request. What has no status was not answered: it may have arrived. */
export function faultOfRequest(error: unknown): Fault {
  const status = statusOf(error);
  const name = error instanceof Error ? error.name : '';
  const isRefused = status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429;
  if (!isRefused || throttled.has(name)) return 'later';
  return name === 'ValidationException' || status === 413 ? 'content' : 'installation';
}

function statusOf(error: unknown): number | undefined {
  const status: unknown = Object(Object(error).$metadata).httpStatusCode;
  return typeof status === 'number' ? status : undefined;
}
