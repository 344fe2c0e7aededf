import { describeModel } from './describe-model.ts';

// Four places and 340 events a run make more than 20,000.
describeModel(18);
