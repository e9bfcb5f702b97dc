import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Clock } from '../clock/clock.ts';
import { DeadlineExceeded, type Deadline } from '../deadline/deadline.ts';
import { signalFor } from '../outgoing/signal.ts';
import { type Archive, ArchiveRejected, ArchiveUnavailable, type Kept } from './port.ts';

export interface S3ArchiveOptions {
  /** Made by `createS3Client`, so that its calls end. Stays the caller's to destroy. */
  readonly client: S3Client;
  readonly bucket: string;
  readonly clock: Clock;
}

/** What one call may take, its repeats with it. */
const callMs = 10_000;

/** A bucket with Object Lock: how long what is kept cannot be deleted is the bucket's own setting. */
export class S3Archive implements Archive {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #clock: Clock;

  constructor({ client, bucket, clock }: S3ArchiveOptions) {
    this.#client = client;
    this.#bucket = bucket;
    this.#clock = clock;
  }

  async keep(name: string, bytes: Uint8Array, deadline: Deadline): Promise<Kept> {
    const command = new PutObjectCommand({
      Bucket: this.#bucket,
      Key: name,
      Body: bytes,
      ContentType: 'application/gzip',
      IfNoneMatch: '*',
    });
    try {
      await this.#client.send(command, this.#bounded(deadline));
      return 'kept';
    } catch (error) {
      if (statusOf(error) === 412) return 'known';
      throw this.#failure(`keeping ${name}`, error);
    }
  }

  async read(name: string, deadline: Deadline): Promise<Uint8Array | undefined> {
    try {
      const command = new GetObjectCommand({ Bucket: this.#bucket, Key: name });
      const { Body } = await this.#client.send(command, this.#bounded(deadline));
      return await Body?.transformToByteArray();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw this.#failure(`reading ${name}`, error);
    }
  }

  async *names(prefix: string, deadlineOf: () => Deadline): AsyncIterable<string> {
    let next: string | undefined;
    do {
      const page = await this.#page(prefix, next, deadlineOf());
      for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
      next = page.NextContinuationToken;
    } while (next !== undefined);
  }

  async #page(prefix: string, next: string | undefined, deadline: Deadline) {
    const command = new ListObjectsV2Command({
      Bucket: this.#bucket,
      Prefix: prefix,
      ContinuationToken: next,
    });
    try {
      return await this.#client.send(command, this.#bounded(deadline));
    } catch (error) {
      throw this.#failure(`listing ${prefix}`, error);
    }
  }

  #bounded(deadline: Deadline): { readonly abortSignal: AbortSignal } {
    return { abortSignal: signalFor(deadline, this.#clock, callMs) };
  }

  #failure(what: string, cause: unknown): Error {
    if (cause instanceof DeadlineExceeded) return cause;
    const status = statusOf(cause);
    // 409: another put of the same name was under way. Everything else below 500 says that something is wrong with the call.
    const isRefused = status !== undefined && status >= 400 && status < 500 && !waiting.has(status);
    const words = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    const said = `${what} in ${this.#bucket}: ${words}`;
    return isRefused ? new ArchiveRejected(said, { cause }) : new ArchiveUnavailable(said, { cause });
  }
}

const waiting = new Set([408, 409, 429]);

function statusOf(error: unknown): number | undefined {
  const { $metadata } = Object(error);
  const status: unknown = Object($metadata).httpStatusCode;
  return typeof status === 'number' ? status : undefined;
}
