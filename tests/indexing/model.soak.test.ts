import { describeModel } from './describe-model.ts';

// four places, 340 events a run: more than 20,000
describeModel(18);
