import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { parseConfig } from '../../shared/config.ts';
import { openOnce } from '../../shared/open-once.ts';
import { functionLog } from '../compose-cloud.ts';
import { createEmbedHandler, type EmbedHandler } from './batch.ts';
import { openEmbedFunction } from './compose.ts';

/** Lambda's entry: keys from the queue of S3's events; index and thumbnails are made to agree with the bucket. */
const config = parseConfig(process.env);
const logger = new Logger({ serviceName: 'embed', logLevel: config.logLevel });
const metrics = new Metrics({ namespace: 'Semblance', serviceName: 'embed' });

// Opened again after a failure: an index that was away at the start must not disable the function for good.
const opened = openOnce(async () => {
  const work = await openEmbedFunction(config, functionLog(logger));
  return createEmbedHandler({ ...work, logger, metrics });
});

export const handler: EmbedHandler = async (event, context) => (await opened())(event, context);
