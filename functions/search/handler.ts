import { Logger } from '@aws-lambda-powertools/logger';
import { handle } from 'hono/aws-lambda';
import { parseConfig } from '../../shared/config.ts';
import { functionLog } from '../compose-cloud.ts';
import { createApp } from './app.ts';
import { openSearchFunction } from './compose.ts';

/** Lambda's entry: the same app as on a laptop, behind a Function URL, at `/` and `/api` alike. */
const config = parseConfig(process.env);
const log = functionLog(new Logger({ serviceName: 'search', logLevel: config.logLevel }));

export const handler = handle(createApp(await openSearchFunction(config, log)));
