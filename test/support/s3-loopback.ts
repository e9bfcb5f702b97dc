import type { IncomingMessage, ServerResponse } from 'node:http';
import { Loopback } from './loopback.ts';

/** What becomes of one request. */
export type S3Answer =
  | { readonly kind: 'error'; readonly status: number; readonly code: string }
  /** The connection breaks, before or after an object was kept. */
  | { readonly kind: 'cut'; readonly afterKeeping: boolean }
  | { readonly kind: 'hang' };

/** Speaks as much of S3's protocol as an archive needs, on a port of this machine, as well or as badly as a test says. */
export class S3Loopback extends Loopback {
  /** By bucket and name, as in a path. */
  readonly objects = new Map<string, Buffer>();
  /** Method and path of every request. */
  readonly requests: string[] = [];
  /** Of the next requests, one each; then all goes well. */
  readonly answers: S3Answer[] = [];
  /** Names in a page of a list. */
  pageMax = 1_000;

  static start(): Promise<S3Loopback> {
    return new S3Loopback().listening();
  }

  protected override answer(request: IncomingMessage, sent: Buffer, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.endpoint);
    const path = decodeURIComponent(url.pathname).slice(1);
    this.requests.push(`${request.method} ${path}`);
    const answer = this.answers.shift();
    const keep = () => this.#put(path, request, sent);
    if (answer?.kind === 'cut') {
      if (answer.afterKeeping) keep();
      response.destroy();
    } else if (answer?.kind === 'error') refuse(response, answer.status, answer.code);
    else if (answer?.kind === 'hang') return;
    else if (request.method === 'PUT') {
      if (keep()) response.writeHead(200).end();
      else refuse(response, 412, 'PreconditionFailed');
    } else if (url.searchParams.has('list-type')) this.#list(path, url.searchParams, response);
    else {
      const found = this.objects.get(path);
      if (found) response.writeHead(200).end(found);
      else refuse(response, 404, 'NoSuchKey');
    }
  }

  #put(path: string, { headers }: IncomingMessage, bytes: Buffer): boolean {
    if (headers['if-none-match'] === '*' && this.objects.has(path)) return false;
    this.objects.set(path, bytes);
    return true;
  }

  #list(bucket: string, asked: URLSearchParams, response: ServerResponse): void {
    const folder = `${bucket.replace(/\/$/, '')}/`;
    const names = [...this.objects.keys()]
      .filter((path) => path.startsWith(folder + (asked.get('prefix') ?? '')))
      .map((path) => path.slice(folder.length))
      .toSorted();
    const from = Number(asked.get('continuation-token') ?? 0);
    const page = names.slice(from, from + this.pageMax);
    const next = from + page.length;
    const more =
      next < names.length
        ? `<IsTruncated>true</IsTruncated><NextContinuationToken>${next}</NextContinuationToken>`
        : '<IsTruncated>false</IsTruncated>';
    const contents = page.map((name) => `<Contents><Key>${name}</Key></Contents>`).join('');
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(`<ListBucketResult>${more}${contents}</ListBucketResult>`);
  }
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<Error><Code>${code}</Code><Message>as the test says</Message></Error>`);
}
