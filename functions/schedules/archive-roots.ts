import type { RootKeeper, RootsReport } from '../../platform/archive/root-keeper.ts';
import type { Log } from '../../platform/telemetry/port.ts';

export interface ArchiveRootsDependencies {
  readonly keeper: Pick<RootKeeper, 'run'>;
  readonly log: Log;
}

/** Puts into the archive what the log holds by now. The line says the newest root's hash, for who keeps it elsewhere. */
export function archiveRoots({ keeper, log }: ArchiveRootsDependencies) {
  return async (): Promise<RootsReport> => {
    const report = await keeper.run();
    const { roots, streams, newest, isBehind } = report;
    log.info('roots kept', { roots, streams, number: newest?.number, hash: newest?.hash });
    if (isBehind) log.warn('roots are behind: the next run goes on', { roots, streams });
    return report;
  };
}
