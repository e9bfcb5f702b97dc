import { DynamoDbSocketRegister } from '../../platform/sockets/dynamodb-register.ts';
import { createGatewayClient } from '../../platform/sockets/gateway-client.ts';
import { GatewaySockets } from '../../platform/sockets/gateway.ts';
import { environmentNames } from '../environment.ts';
import { viewsTableOf } from './parts.ts';
import type { Surroundings } from './surroundings.ts';

/** The clients of `/stream`: how they are reached, and who they are. */
export function socketsIn(surroundings: Surroundings) {
  const { clock, setting } = surroundings;
  const client = createGatewayClient({ endpoint: setting(environmentNames.streamEndpoint) });
  return {
    sockets: new GatewaySockets({ client, clock }),
    register: new DynamoDbSocketRegister(viewsTableOf(surroundings)),
  };
}
