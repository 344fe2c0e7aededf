import { setGlobalProxyFromEnv } from 'node:http';
import { SemblanceError } from '../errors.ts';

/**
 * Runs the work with fetch going through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name (either
 * case), if any. Scoped, so that other traffic of the process keeps its own ways.
 * @throws bad_configuration where the variable is no URL
 */
export async function throughProxy<Value>(
  work: () => Promise<Value>,
  environment: Record<string, string | undefined> = process.env,
): Promise<Value> {
  if (!['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some(name => environment[name])) {
    return await work();
  }
  const restore = setProxy(environment);
  try {
    return await work();
  } finally {
    restore();
  }
}

function setProxy(environment: Record<string, string | undefined>): () => void {
  try {
    return setGlobalProxyFromEnv(environment);
  } catch (cause) {
    throw new SemblanceError('bad_configuration', 'HTTPS_PROXY is not a URL', { cause });
  }
}
