import type { Context } from 'aws-lambda';
import type { AppConfigConfig } from '../../platform/hot-config/appconfig-config.ts';
import { madeOnce } from './made-once.ts';
import { type Surroundings, surroundingsOf } from './surroundings.ts';

/** As Lambda calls a function. */
export type Invoked<Request, Answer> = (request: Request, context: Context) => Promise<Answer>;

export interface Composed<Request, Answer> {
  readonly handle: Invoked<Request, Answer>;
  /** Asked with every call for what is due. */
  readonly config?: Pick<AppConfigConfig, 'freshen'>;
}

export interface InvokedOptions<Request, Answer> {
  readonly compose: (surroundings: Surroundings) => Promise<Composed<Request, Answer>>;
  /** What a caller hears of a call that failed. Absent: Lambda is told, and does what its trigger says. */
  readonly failed?: (surroundings: Surroundings) => Answer;
}

/**
 * Composed with the first call, then kept: loading a module reaches nothing, and what could not be reached is tried anew with the next
 * call. Whatever becomes of a call, what was counted in it is said before the process is frozen.
 */
export function invoked<Request, Answer>(options: InvokedOptions<Request, Answer>): Invoked<Request, Answer> {
  const { compose, failed } = options;
  const around = madeOnce(() => surroundingsOf(process.env));
  const composed = madeOnce(async () => compose(await around()));
  return async (request, context) => {
    const surroundings = await around();
    const { log, metrics } = surroundings.telemetry;
    try {
      const { handle, config } = await composed();
      await config?.freshen();
      return await handle(request, context);
    } catch (error) {
      log.error('the function failed', error);
      if (!failed) throw error;
      return failed(surroundings);
    } finally {
      metrics.flush();
    }
  };
}
