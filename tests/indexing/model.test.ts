import { describeModel } from './describe-model.ts';

describeModel(1);
