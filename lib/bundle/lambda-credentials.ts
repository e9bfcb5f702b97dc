/** What Lambda gives a function to prove who it is. */
interface LambdaCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Stands in a bundle for the SDK's search for credentials: in files of a developer, single sign-on, the metadata of a machine. None of
 * them is there in Lambda, which gives them in the environment, and all of them together are a third of the SDK's client.
 */
export function defaultProvider(): () => Promise<LambdaCredentials> {
  return async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
    if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY)
      throw new Error('there are no credentials in the environment of this function');
    return {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN !== undefined && { sessionToken: AWS_SESSION_TOKEN }),
    };
  };
}
