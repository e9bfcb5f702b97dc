import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/** What the SDK has for other places than Lambda, each by the reason why no function gets there. */
const elsewhere: readonly RegExp[] = [
  // Node hashes by itself.
  /\/sha256\/Sha256Js\.js$/,
  // `awsClientLimits` asks for the other way of trying again.
  /\/util-retry\/AdaptiveRetryStrategy\.js$/,
  // Asked only where the environment says no region. Lambda's always does.
  /\/regionConfig\/getInstanceMetadataRegion\.js$/,
  // The user agent of a browser.
  /\/createUserAgentStringParsingProvider\.js$/,
  // What Node's HTTP client receives are Node's own streams.
  /\/util-stream\/(?:sdk-stream-mixin|stream-collector)\.browser\.js$/,
];

const anyExport = /^export (?:(?:async )?(?:const|function|class) (\w+)|\{ (?:\w+ as )?(\w+) \})/gm;

/** What is left out can be imported, and throws where it is called. */
function leavingOut(name: string, files: readonly RegExp[]): Plugin {
  return {
    name,
    setup: (building) => {
      for (const filter of files)
        building.onLoad({ filter }, async ({ path }) => {
          const names = [...(await readFile(path, 'utf8')).matchAll(anyExport)].map(
            ([, one, other]) => one ?? other,
          );
          const message = `${path.split('/node_modules/').at(-1)} was left out of the bundle: see lib/bundle/left-out.ts`;
          return {
            contents: `function leftOut() { throw new Error(${JSON.stringify(message)}); }
              export { ${names.map((exported) => `leftOut as ${exported}`).join(', ')} };`,
          };
        });
    },
  };
}

export const withoutElsewhere = leavingOut('without-elsewhere', elsewhere);

/** Asked for where an answer is a stream of events, as none that we ask for is. */
export const withoutEventStreams: Plugin = {
  name: 'without-event-streams',
  setup: (building) => {
    const path = join(import.meta.dirname, 'no-event-streams.ts');
    building.onResolve({ filter: /^@smithy\/core\/event-streams$/ }, () => ({ path }));
  },
};

/** Settings that a developer keeps at home. Nobody is at home in Lambda, so that there is nothing to read either. */
export const withoutSharedConfigFiles: Plugin = {
  name: 'without-shared-config-files',
  setup: (building) => {
    building.onLoad({ filter: /\/shared-ini-file-loader\/loadSharedConfigFiles\.js$/ }, () => ({
      contents: `export const CONFIG_PREFIX_SEPARATOR = '.';
        export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });`,
    }));
  },
};

/** DynamoDB's client makes a cache for addresses that no request of it asks for any more, and takes a library with it. */
export const withoutEndpointCache: Plugin = {
  name: 'without-endpoint-cache',
  setup: (building) => {
    building.onLoad({ filter: /\/endpoint-cache\/dist-es\/EndpointCache\.js$/ }, () => ({
      contents: `const leftOut = () => { throw new Error('EndpointCache was left out of the bundle: see lib/bundle/left-out.ts'); };
        export class EndpointCache { get = leftOut; getEndpoint = leftOut; has = leftOut; set = leftOut; delete = leftOut; }`,
    }));
  },
};

/** An SDK's client says in every request which version it is, and takes all of its package's description with it. */
export const versionsOnly: Plugin = {
  name: 'versions-only',
  setup: (building) => {
    building.onLoad({ filter: /\/@aws-sdk\/[\w-]+\/package\.json$/ }, async ({ path }) => {
      const { default: described } = await import(path, { with: { type: 'json' } });
      const { name, version } = described;
      return { contents: JSON.stringify({ name, version }), loader: 'json' };
    });
  },
};
