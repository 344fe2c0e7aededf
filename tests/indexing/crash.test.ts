import { it } from 'vitest';
import { expectCrashesHeal } from './crash.ts';

it('loses nothing that was acknowledged when it is killed in the middle of its work', async () => {
  await expectCrashesHeal(5);
});
