import { fuzzRoutes } from './fuzzing.ts';

const seed = Date.now() % 2 ** 31;
console.log(`fuzz seed ${seed}`);
fuzzRoutes(25, seed);
