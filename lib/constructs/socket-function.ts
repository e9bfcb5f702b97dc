import type { Construct } from 'constructs';
import type { FunctionEntry } from '../../functions/manifest.ts';
import type { CellContext } from './cell-context.ts';
import { CellFunction } from './cell-function.ts';

export interface SocketFunctionProps {
  readonly entry: FunctionEntry;
  readonly context: CellContext;
}

/** The function behind the WebSocket API: a call for each connection, each message of a client, and each end. */
export class SocketFunction extends CellFunction {
  constructor(scope: Construct, id: string, { entry, context }: SocketFunctionProps) {
    super(scope, id, {
      entry,
      context,
      impact:
        'Clients cannot begin to follow their orders by WebSocket, and orders of who disconnected stay open.',
    });
    context.streamDoor.opensTo(this.lambda);
  }
}
