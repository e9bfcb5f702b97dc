import { Duration } from 'aws-cdk-lib';
import { type HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Construct } from 'constructs';
import type { FunctionEntry, HttpRoute, Method, RouteKey } from '../../functions/manifest.ts';
import type { CellContext } from './cell-context.ts';
import { answeringMs, CellFunction } from './cell-function.ts';

export interface CommandFunctionProps {
  readonly entry: FunctionEntry;
  readonly routes: readonly HttpRoute[];
  readonly api: HttpApi;
  readonly context: CellContext;
}

/**
 * A function that answers clients. The gateway waits longer than the function lives, and that lives longer than it works, so whoever is out
 * of time first is who can say it best.
 */
export class CommandFunction extends CellFunction {
  constructor(scope: Construct, id: string, { entry, routes, api, context }: CommandFunctionProps) {
    const said = routes.map(({ route }) => route).join(', ');
    super(scope, id, { entry, context, impact: `Clients get no answer, or a late one, from ${said}.` });
    const integration = new HttpLambdaIntegration(entry.name, this.lambda, {
      timeout: Duration.millis(entry.deadlineMs + 2 * answeringMs),
      // One permission for the whole API: one for each route would outgrow what a function's policy may hold.
      scopePermissionToRoute: false,
    });
    for (const { route } of routes) api.addRoutes({ ...partsOf(route), integration });
  }
}

const methodOf: Readonly<Record<Method, HttpMethod>> = {
  GET: HttpMethod.GET,
  POST: HttpMethod.POST,
  PUT: HttpMethod.PUT,
  PATCH: HttpMethod.PATCH,
  DELETE: HttpMethod.DELETE,
};

function partsOf(route: RouteKey) {
  const [method = '', path = ''] = route.split(' ');
  const methods = Object.entries(methodOf).flatMap(([name, known]) => (name === method ? [known] : []));
  return { path, methods };
}
