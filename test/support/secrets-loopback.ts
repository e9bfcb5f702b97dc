import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

interface Version {
  text?: string;
  readonly stages: Set<string>;
}

interface Asked {
  readonly SecretId: string;
  readonly VersionId?: string;
  readonly VersionStage?: string;
  readonly ClientRequestToken?: string;
  readonly SecretString?: string;
  readonly VersionStages?: readonly string[];
  readonly MoveToVersionId?: string;
  readonly RemoveFromVersionId?: string;
}

export type Step = 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret';
export const rotationSteps: readonly Step[] = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

class Refusal extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Secrets Manager with one secret, as it behaves: versions with labels, of which a label has one place, and a version one content. */
export class SecretsLoopback {
  static readonly arn = 'arn:aws:secretsmanager:local:123456789012:secret:master';
  readonly versions = new Map<string, Version>();
  /** What was asked, in order. */
  readonly calls: string[] = [];
  isDown = false;
  readonly #server: Server;

  private constructor(text: string) {
    this.versions.set('first', { text, stages: new Set(['AWSCURRENT']) });
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  static async start(text = 'generated-where-nobody-sees-it-0123456789-abcdef'): Promise<SecretsLoopback> {
    const loopback = new SecretsLoopback(text);
    loopback.#server.listen(0, '127.0.0.1');
    await once(loopback.#server, 'listening');
    return loopback;
  }

  get endpoint(): string {
    const address = this.#server.address();
    return typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : '';
  }

  /** What is read unless a version is asked for. */
  get text(): string {
    return this.versions.get(this.#labeled('AWSCURRENT') ?? '')?.text ?? '';
  }

  set text(text: string) {
    const version = this.versions.get(this.#labeled('AWSCURRENT') ?? '');
    if (version) version.text = text;
  }

  get reads(): number {
    return this.calls.filter((call) => call === 'GetSecretValue').length;
  }

  /** A version with nothing in it yet, which is to be the secret: what the service makes before it asks for the first step. */
  stage(version: string = randomUUID()): string {
    this.versions.set(version, { stages: new Set(['AWSPENDING']) });
    return version;
  }

  /** The whole protocol, once. */
  async rotate(invoke: (request: object) => Promise<unknown>): Promise<string> {
    const version = this.stage();
    for (const Step of rotationSteps)
      await invoke({ Step, SecretId: SecretsLoopback.arn, ClientRequestToken: version });
    return version;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const action = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    this.calls.push(action);
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(body));
    };
    try {
      if (this.isDown) throw new Refusal('AccessDeniedException');
      answer(200, this.#do(action, JSON.parse(Buffer.concat(chunks).toString('utf8'))));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      answer(400, { __type: error.code, message: error.code });
    }
  }

  #do(action: string, asked: Asked): object {
    if (asked.SecretId !== SecretsLoopback.arn) throw new Refusal('ResourceNotFoundException');
    switch (action) {
      case 'GetSecretValue':
        return this.#get(asked);
      case 'DescribeSecret':
        return {
          VersionIdsToStages: Object.fromEntries(
            [...this.versions].map(([version, { stages }]) => [version, [...stages]]),
          ),
        };
      case 'PutSecretValue':
        return this.#put(asked);
      case 'UpdateSecretVersionStage':
        return this.#move(asked);
      default:
        throw new Refusal('UnknownOperationException');
    }
  }

  #get({ VersionId, VersionStage = 'AWSCURRENT' }: Asked): object {
    const version = VersionId ?? this.#labeled(VersionStage) ?? '';
    const found = this.versions.get(version);
    if (found?.text === undefined) throw new Refusal('ResourceNotFoundException');
    return { VersionId: version, SecretString: found.text };
  }

  #put({ ClientRequestToken = '', SecretString = '', VersionStages = ['AWSCURRENT'] }: Asked): object {
    const version = this.versions.get(ClientRequestToken) ?? { stages: new Set<string>() };
    if (version.text !== undefined && version.text !== SecretString)
      throw new Refusal('ResourceExistsException');
    version.text = SecretString;
    this.versions.set(ClientRequestToken, version);
    for (const stage of VersionStages) this.#label(stage, ClientRequestToken);
    return { VersionId: ClientRequestToken };
  }

  #move({ VersionStage = '', MoveToVersionId = '', RemoveFromVersionId }: Asked): object {
    const from = this.#labeled(VersionStage);
    if (from !== undefined && from !== RemoveFromVersionId) throw new Refusal('InvalidParameterException');
    this.#label(VersionStage, MoveToVersionId);
    if (VersionStage === 'AWSCURRENT' && from !== undefined) this.#label('AWSPREVIOUS', from);
    return {};
  }

  #labeled(stage: string): string | undefined {
    return [...this.versions].find(([, { stages }]) => stages.has(stage))?.[0];
  }

  #label(stage: string, version: string): void {
    for (const { stages } of this.versions.values()) stages.delete(stage);
    this.versions.get(version)?.stages.add(stage);
  }
}
