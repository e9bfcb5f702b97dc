/** What a decision was made under, as its commit says it: the version of the config and, once any was thrown, of the kill switches. */
export interface DecidedUnder {
  readonly config: string;
  /** The version of the stream `killswitch-<cell>`; absent: no switch had ever been thrown. */
  readonly killSwitches?: number;
}

/** A config's version is base64url, so that the plus cannot be part of it. Written into commits for ever: never changes. */
export function decidedUnderText({ config, killSwitches = 0 }: DecidedUnder): string {
  return killSwitches === 0 ? config : `${config}+k${killSwitches}`;
}

/** Reads the `config` attribute of any commit there ever was. */
export function readDecidedUnder(text: string): DecidedUnder {
  const match = /^(.*)\+k([1-9]\d*)$/.exec(text);
  const [, config, version] = match ?? [];
  return config === undefined ? { config: text } : { config, killSwitches: Number(version) };
}
