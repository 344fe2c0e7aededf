import { describe, expect, test } from 'vitest';
import { stageNameFault, tokenListFault } from './settings.ts';

describe('the name of a stage', () => {
  test.each(['Ann', 'a_b', '-ann', 'ann-', '9lives', '', 'a'.repeat(31)])('%j is rejected', stage => {
    expect(stageNameFault(stage)).toEqual(expect.any(String));
  });

  test.each(['a', 'ann', 'ann-2', 'a'.repeat(30)])('%j is accepted', stage => {
    expect(stageNameFault(stage)).toBeNull();
  });
});

describe('a list of tokens', () => {
  test.each(['', '   ', ',', ' , ', 'good-token,', 'good,,other', 'schlüssel', 'with space'])(
    '%j is rejected, since it would leave the gallery open or unusable',
    list => {
      expect(tokenListFault(list)).toEqual(expect.any(String));
    },
  );

  test.each(['one', 'one,two', ' one , two '])('%j is accepted', list => {
    expect(tokenListFault(list)).toBeNull();
  });
});
