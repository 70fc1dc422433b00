import { describe, expect, it } from '@jest/globals';
import { globalId, parseGlobalId, rowId } from './global-id.ts';

describe('global ids', () => {
  it('read back as what they were made of', () => {
    expect(parseGlobalId(globalId('user', '42'))).toEqual({ kind: 'user', id: '42' });
    expect(parseGlobalId(globalId('hashtag', 'tern_watch'))).toEqual({ kind: 'hashtag', id: 'tern_watch' });
    expect(parseGlobalId('hashtag_čmelák')).toEqual({ kind: 'hashtag', id: 'čmelák' });
    expect(rowId('tweet', 'tweet_7')).toBe('7');
  });

  it.each([
    '',
    'user',
    'user_',
    '_1',
    'user_01',
    'user_-1',
    'user_1_2',
    'user_9223372036854775808',
    'user_1\n',
    'User_1',
    'constructor_1',
    'hashtag_',
    'hashtag_TernWatch',
    'hashtag_a b',
    'hashtag_\0',
    'hashtag_\ud800',
    `hashtag_${'a'.repeat(281)}`,
  ])('refuse %j', (text) => {
    expect(() => parseGlobalId(text)).toThrow('This is not an id.');
  });

  it('tell which kind was expected', () => {
    expect(() => rowId('user', 'tweet_1')).toThrow('Expected the id of a user, but this is one of a tweet.');
  });
});
