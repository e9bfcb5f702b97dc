import {
  ApiGatewayManagementApiClient,
  type ApiGatewayManagementApiClientConfig,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { awsClientLimits } from '../outgoing/aws-client-limits.ts';

/** A client whose calls end. `endpoint`: the address of the WebSocket API's stage, with `https`. */
export function createGatewayClient(
  config: ApiGatewayManagementApiClientConfig & { readonly endpoint: string },
): ApiGatewayManagementApiClient {
  return new ApiGatewayManagementApiClient({ ...awsClientLimits, ...config });
}
