/** The control plane of AppConfig, as whoever runs a cell in the cloud uses it. */
export interface ConfigPlace {
  readonly endpoint: string;
  readonly region: string;
}

const callMs = 10_000;

/** A new version of the config, put in force at once with the strategy that the stack `Config` made for it. */
export async function deployConfig({ endpoint, region }: ConfigPlace, document: unknown): Promise<void> {
  // The emulator asks whose region it is and checks no signature.
  const scope = `test/20260101/${region}/appconfig/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`;
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(endpoint + path, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(callMs),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`AppConfig answers ${method} ${path} with ${answer.status}: ${text}`);
    return { text, version: Number(answer.headers.get('version-number')) };
  };
  const idOf = async (path: string, name: string) => {
    const { Items }: { readonly Items: readonly { readonly Id: string; readonly Name: string }[] } =
      JSON.parse((await call('GET', path)).text);
    const found = Items.find((item) => item.Name === name);
    if (!found) throw new Error(`AppConfig has no ${name} in ${path}`);
    return found.Id;
  };
  const application = `/applications/${await idOf('/applications', `ordercell-${region}`)}`;
  const environment = await idOf(`${application}/environments`, 'cell');
  const profile = await idOf(`${application}/configurationprofiles`, 'trading');
  const { version } = await call(
    'POST',
    `${application}/configurationprofiles/${profile}/hostedconfigurationversions`,
    document,
  );
  await call('POST', `${application}/environments/${environment}/deployments`, {
    ConfigurationProfileId: profile,
    ConfigurationVersion: String(version),
    DeploymentStrategyId: await idOf('/deploymentstrategies', `ordercell-${region}-at-once`),
  });
}
