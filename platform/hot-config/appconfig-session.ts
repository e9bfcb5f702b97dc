import {
  type AppConfigDataClient,
  BadRequestException,
  GetLatestConfigurationCommand,
  ResourceNotFoundException,
  StartConfigurationSessionCommand,
} from '@aws-sdk/client-appconfigdata';
import type { Clock } from '../clock/clock.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { signalFor } from '../outgoing/signal.ts';

export interface ConfigurationProfile {
  readonly application: string;
  readonly environment: string;
  readonly profile: string;
}

/** What one poll came to. `unchanged`: an empty body. `rejected`: the token is worth nothing, the next poll begins a session. */
export type Polled =
  | { readonly outcome: 'text'; readonly text: string }
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'rejected'; readonly error: Error };

/** The shortest the service takes; it answers with what it wants. */
const shortestPollSeconds = 15;
/** Until the service has said how often it may be asked. */
const firstPollSeconds = 60;

/** AppConfig's data plane: sessions, and tokens that are good for one request each. */
export class AppConfigSession {
  readonly #client: AppConfigDataClient;
  readonly #profile: ConfigurationProfile;
  readonly #clock: Clock;
  #token: string | undefined;
  #intervalMs = firstPollSeconds * 1000;

  constructor(client: AppConfigDataClient, profile: ConfigurationProfile, clock: Clock) {
    this.#client = client;
    this.#profile = profile;
    this.#clock = clock;
  }

  /** How long to wait before the next poll, as the service said last. */
  get intervalMs(): number {
    return this.#intervalMs;
  }

  /**
   * One poll, with a new session where there is none. Throws what the SDK throws when there is no answer; the token is kept then, since
   * nobody knows whether it was used.
   */
  async poll(deadline: Deadline): Promise<Polled> {
    try {
      this.#token ??= await this.#begin(deadline);
      const command = new GetLatestConfigurationCommand({ ConfigurationToken: this.#token });
      const answer = await this.#client.send(command, { abortSignal: signalFor(deadline, this.#clock) });
      this.#token = answer.NextPollConfigurationToken;
      this.#hear(answer.NextPollIntervalInSeconds);
      const bytes = answer.Configuration ?? new Uint8Array();
      if (bytes.length === 0) return { outcome: 'unchanged' };
      return { outcome: 'text', text: new TextDecoder().decode(bytes) };
    } catch (error) {
      // The session is over, or its profile is gone: the same token would be refused for ever.
      const isOver = error instanceof BadRequestException || error instanceof ResourceNotFoundException;
      if (!isOver) throw error;
      this.#token = undefined;
      return { outcome: 'rejected', error };
    }
  }

  async #begin(deadline: Deadline): Promise<string | undefined> {
    const { application, environment, profile } = this.#profile;
    const command = new StartConfigurationSessionCommand({
      ApplicationIdentifier: application,
      EnvironmentIdentifier: environment,
      ConfigurationProfileIdentifier: profile,
      RequiredMinimumPollIntervalInSeconds: shortestPollSeconds,
    });
    const answer = await this.#client.send(command, { abortSignal: signalFor(deadline, this.#clock) });
    return answer.InitialConfigurationToken;
  }

  #hear(seconds: number | undefined): void {
    if (seconds !== undefined && seconds >= 1) this.#intervalMs = seconds * 1000;
  }
}
