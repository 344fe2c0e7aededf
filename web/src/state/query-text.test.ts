import { describe, expect, it } from 'vitest';
import { parseQueryText } from './query-text.ts';

describe('parseQueryText', () => {
  it.each([
    ['dog', { meaning: 'dog', without: [], words: '' }],
    ['  a dog   on a beach ', { meaning: 'a dog on a beach', without: [], words: '' }],
    ['dog -cat -snow', { meaning: 'dog', without: ['cat', 'snow'], words: '' }],
    ['t-shirt x-ray', { meaning: 't-shirt x-ray', without: [], words: '' }],
    ['poster "happy new year"', { meaning: 'poster', without: [], words: '"happy new year"' }],
    ['“新年” -"draft"', { meaning: '', without: [], words: '"新年" -"draft"' }],
    ['「新年快乐」 红色', { meaning: '红色', without: [], words: '"新年快乐"' }],
    ['狗 -猫', { meaning: '狗', without: ['猫'], words: '' }],
    ['', { meaning: '', without: [], words: '' }],
  ])('takes %j apart', (text, parsed) => {
    expect(parseQueryText(text)).toEqual(parsed);
  });

  it('searches a half-typed query as it stands', () => {
    expect(parseQueryText('dog -')).toEqual({ meaning: 'dog -', without: [], words: '' });
    expect(parseQueryText('dog "new').meaning).toBe('dog "new');
  });
});
