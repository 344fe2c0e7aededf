import { startLocalServer } from './local-server.ts';
import { contractSuite } from './suite.ts';

contractSuite('the local app', () => startLocalServer({ words: true }));
