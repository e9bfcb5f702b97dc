import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { header } from './request.ts';

export interface Credentials {
  readonly keyId: string;
  readonly secret: string;
}

/** Longer ones are nobody's, and must not be carried around. */
const lengthMax = 200;

/** The headers of the Trading API, or HTTP Basic as its Broker API has it. Undefined: none, or nonsense. */
export function credentialsOf(raw: APIGatewayProxyEventV2): Credentials | undefined {
  const keyId = header(raw, 'apca-api-key-id');
  const secret = header(raw, 'apca-api-secret-key');
  if (keyId !== undefined && secret !== undefined) return usable({ keyId, secret });
  const basic = /^Basic ([A-Za-z0-9+/=_-]{1,600})$/i.exec(header(raw, 'authorization') ?? '')?.[1];
  if (basic === undefined) return undefined;
  const [name = '', ...rest] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  return usable({ keyId: name, secret: rest.join(':') });
}

function usable(credentials: Credentials): Credentials | undefined {
  const { keyId, secret } = credentials;
  const fits = [keyId, secret].every(({ length }) => length > 0 && length <= lengthMax);
  return fits ? credentials : undefined;
}
