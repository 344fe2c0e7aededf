import { startLambdaServer } from './lambda-server.ts';
import { contractSuite } from './suite.ts';

contractSuite('the Lambda handler', startLambdaServer);
