import { contractSuite } from './suite.ts';
import { namedServer } from './target.ts';

const server = namedServer();
contractSuite(server.baseUrl, async () => server);
